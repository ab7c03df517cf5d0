#include "trainer/base/printable.h"

#include <cstdint>

namespace fl {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// Length of the UTF-8 sequence that `text` begins with, or 0 where it begins with none (RFC 3629; overlong
// forms and surrogates are let through: they steer no terminal).
std::size_t sequence_length(std::string_view text) {
  const std::uint8_t first = byte_at(text, 0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte_at(text, i) & 0xC0u) != 0x80u) return 0;
  return length;
}

bool is_control(std::string_view sequence) {
  const std::uint8_t first = byte_at(sequence, 0);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_at(sequence, 1) < 0xA0);
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool harmless = length > 0 && !is_control(text.substr(0, length));
    if (clean.size() + (harmless ? length : 1) > max_bytes) return clean + "…";
    if (harmless)
      clean += text.substr(0, length);
    else
      clean += '?';
    text.remove_prefix(length > 0 ? length : 1);
  }
  return clean;
}

}  // namespace fl
