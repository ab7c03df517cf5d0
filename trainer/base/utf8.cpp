#include "trainer/base/utf8.h"

#include <utf8proc.h>

namespace fl {

Utf8Character first_character(std::string_view text) {
  utf8proc_int32_t code = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                  static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(bytes)};
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for_each_character(text, [&](char32_t code, std::size_t) { out.push_back(code); });
  return out;
}

std::string_view without_last_character(std::string_view text) {
  std::size_t last = 0;
  for_each_character(text, [&last](char32_t, std::size_t at) { last = at; });
  return text.substr(0, last);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = first_character(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace fl
