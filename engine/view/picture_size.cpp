#include "engine/view/picture_size.h"

#include <charconv>

namespace fl {

Result<std::pair<std::uint32_t, std::uint32_t>> parse_size(const std::string& text) {
  std::uint32_t width = 0, height = 0;
  const char* end = text.data() + text.size();
  auto [at, failed] = std::from_chars(text.data(), end, width);
  if (failed == std::errc{} && at != end && *at == 'x') {
    auto [at2, failed2] = std::from_chars(at + 1, end, height);
    if (failed2 == std::errc{} && at2 == end && width >= 320 && width <= 7680 && height >= 240 &&
        height <= 4320)
      return std::pair{width, height};
  }
  return error(
      "\"{}\" is not a size; write it as WIDTHxHEIGHT, from 320x240 to 7680x4320, for example 1280x720.",
      text);
}

}  // namespace fl
