#pragma once
// Text in UTF-8 as RFC 3629 has it, by utf8proc: no overlong form, no surrogate, nothing beyond U+10FFFF. The
// one place that takes characters out of bytes.

#include <cstddef>
#include <string>
#include <string_view>

namespace fl {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // that it takes
};

// The character that `text` begins with; {0, 0} where it is empty or begins with none.
[[nodiscard]] Utf8Character first_character(std::string_view text);

// Calls take(code, place of its first byte) for every character, and with U+FFFD for every byte that is part
// of none.
template <typename Take>
void for_each_character(std::string_view text, Take&& take) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character next = first_character(text.substr(at));
    take(next.bytes > 0 ? next.code : kReplacementCharacter, at);
    at += next.bytes > 0 ? next.bytes : 1;
  }
}

// Each malformed byte becomes U+FFFD, which fonts show as a box: a bad class name stays visible.
[[nodiscard]] std::u32string decode_utf8(std::string_view text);

// `text` but for its last character, or for its last byte where that is part of none.
[[nodiscard]] std::string_view without_last_character(std::string_view text);

// Whether all of `text` is UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace fl
