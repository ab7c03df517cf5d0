#include "tests/support/reference_font.h"

#include <cstdint>
#include <fstream>
#include <iterator>

#include "engine/text/font.h"

namespace fl::testing {
namespace {

// Inter 4.0: FNV-1a over both font files.
constexpr std::uint64_t kReferenceFont = 0xAF34525E5099165B;

std::uint64_t font_fingerprint() {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const FontWeight weight : {FontWeight::kRegular, FontWeight::kSemiBold}) {
    const auto path = font_path(weight);
    if (!path) return 0;
    std::ifstream file(*path, std::ios::binary);
    for (std::istreambuf_iterator<char> it(file), end; it != end; ++it)
      hash = (hash ^ static_cast<unsigned char>(*it)) * 0x100000001B3U;
  }
  return hash;
}

}  // namespace

bool has_reference_font() {
  static const bool same = font_fingerprint() == kReferenceFont;
  return same;
}

}  // namespace fl::testing
