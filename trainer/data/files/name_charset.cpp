#include "trainer/data/files/name_charset.h"

#include <algorithm>

#include <iconv.h>

#include "trainer/base/utf8.h"

namespace fl {
namespace {

// False where `from` holds bytes that the charset does not know.
bool convert(iconv_t converter, std::string from, std::string& to) {
  iconv(converter, nullptr, nullptr, nullptr, nullptr);
  to.assign(from.size() * 4 + 4, '\0');
  char *in = from.data(), *out = to.data();
  std::size_t left = from.size(), room = to.size();
  const bool whole = iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1) && left == 0;
  to.resize(to.size() - room);
  return whole;
}

// Hiragana or full-width katakana, which other charsets' bytes hit by accident only rarely.
bool has_kana(const std::string& text) {
  return std::ranges::any_of(decode_utf8(text),
                             [](char32_t code) { return code >= 0x3041 && code <= 0x30FF; });
}

}  // namespace

std::vector<std::string> decode_japanese(const std::vector<std::string>& names) {
  const iconv_t converter = iconv_open("UTF-8", "CP932");
  if (converter == reinterpret_cast<iconv_t>(-1)) return {};
  std::vector<std::string> decoded(names.size());
  bool japanese = true, kana = false;
  for (std::size_t i = 0; i < names.size() && japanese; ++i) {
    japanese = convert(converter, names[i], decoded[i]);
    kana = kana || has_kana(decoded[i]);
  }
  iconv_close(converter);
  if (!japanese || !kana) decoded.clear();
  return decoded;
}

}  // namespace fl
