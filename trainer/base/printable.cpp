#include "trainer/base/printable.h"

#include "trainer/base/utf8.h"

namespace fl {
namespace {

constexpr char32_t kNonJoiner = 0x200C, kJoiner = 0x200D, kBlackFlag = 0x1F3F4;

bool is_within(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

bool is_tag(char32_t code) {
  return is_within(code, 0xE0020, 0xE007F);
}

// What a terminal obeys or nobody sees, joiners among it.
bool is_hidden(char32_t code) {
  return code < 0x20 || is_within(code, 0x7F, 0x9F) || code == 0xAD || code == 0x034F || code == 0x061C ||
         code == 0x180E || is_within(code, 0x200B, 0x200F) || is_within(code, 0x2028, 0x202E) ||
         is_within(code, 0x2060, 0x206F) || code == 0xFEFF || is_within(code, 0xFFF9, 0xFFFB) ||
         is_within(code, 0xE0000, 0xE007F);
}

// Whether `code` may stand between these two, as they are in the text.
bool is_harmless(char32_t code, char32_t before, char32_t after) {
  constexpr char32_t kFirstJoined = 0x0590;  // scripts from Hebrew on
  if (is_tag(code)) return before == kBlackFlag || is_tag(before);
  if (code != kJoiner && code != kNonJoiner) return !is_hidden(code);
  const auto joined = [](char32_t c) { return c >= kFirstJoined && !is_hidden(c); };
  return joined(before) && joined(after);
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string clean;
  char32_t before = 0;
  while (!text.empty()) {
    const auto [code, length] = first_character(text);
    const bool harmless = length > 0 && is_harmless(code, before, first_character(text.substr(length)).code);
    before = harmless ? code : 0;
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
