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

// Of a whole UTF-8 sequence.
char32_t code_point(std::string_view sequence) {
  const std::uint8_t first = byte_at(sequence, 0);
  if (sequence.size() == 1) return first;
  char32_t code = first & (0x7Fu >> sequence.size());
  for (std::size_t i = 1; i < sequence.size(); ++i) code = code << 6 | (byte_at(sequence, i) & 0x3Fu);
  return code;
}

// 0 where nothing or no UTF-8 follows.
char32_t first_code_point(std::string_view text) {
  const std::size_t length = text.empty() ? 0 : sequence_length(text);
  return length > 0 ? code_point(text.substr(0, length)) : 0;
}

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
    const std::size_t length = sequence_length(text);
    const char32_t code = length > 0 ? code_point(text.substr(0, length)) : 0;
    const bool harmless = length > 0 && is_harmless(code, before, first_code_point(text.substr(length)));
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
