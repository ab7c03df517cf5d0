#include "trainer/data/printable.h"

namespace fl {

std::string printable(std::string_view text, std::size_t max_bytes) {
  const bool shortened = text.size() > max_bytes;
  if (shortened) {
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = text.substr(0, end);
  }
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  if (shortened) clean += "…";
  return clean;
}

}  // namespace fl
