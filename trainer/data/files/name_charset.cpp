#include "trainer/data/files/name_charset.h"

#include <iconv.h>
#include <utf8proc.h>

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

// Calls visit(point) for every character. False where the text is not in UTF-8; it is called for those before then.
template <typename Visit>
bool for_each_character(const std::string& text, const Visit& visit) {
  utf8proc_int32_t point = 0;
  for (std::size_t at = 0; at < text.size();) {
    const utf8proc_ssize_t length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                         static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (length <= 0) return false;
    visit(point);
    at += static_cast<std::size_t>(length);
  }
  return true;
}

// Hiragana or full-width katakana, which other charsets' bytes hit by accident only rarely.
bool has_kana(const std::string& text) {
  bool kana = false;
  for_each_character(text, [&](utf8proc_int32_t point) { kana = kana || (point >= 0x3041 && point <= 0x30FF); });
  return kana;
}

}  // namespace

bool is_utf8(const std::string& text) {
  return for_each_character(text, [](utf8proc_int32_t) {});
}

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
