#include "trainer/data/image.h"

#include <algorithm>
#include <array>

#include "trainer/data/codecs.h"

namespace fl {
namespace {

bool starts_with(std::span<const std::byte> bytes, std::span<const std::uint8_t> magic) {
  return bytes.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin(),
                    [](std::uint8_t expected, std::byte b) { return std::byte{expected} == b; });
}

}  // namespace

Result<void> check_image_size(std::uint64_t width, std::uint64_t height, std::string_view name) {
  constexpr std::uint64_t kSide = kMaxImageSide;
  if (width == 0 || height == 0)
    return error("{} is an image without pixels; replace it or leave it out.", name);
  if (width > kSide || height > kSide || width * height > kMaxImagePixels)
    return error(
        "{} is {} x {} pixels, more than the {} a side or {} million in all that are read; shrink it first.",
        name, width, height, kMaxImageSide, kMaxImagePixels >> 20);
  return {};
}

Result<Bitmap> decode_image(std::span<const std::byte> bytes, std::string_view name) {
  static constexpr std::array<std::uint8_t, 3> kJpeg = {0xFF, 0xD8, 0xFF};
  static constexpr std::array<std::uint8_t, 8> kPng = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  if (bytes.empty()) return error("{} is empty; replace it or leave it out.", name);
  if (starts_with(bytes, kJpeg)) return decode_jpeg(bytes, name);
  if (starts_with(bytes, kPng)) return decode_png(bytes, name);
  return error("{} is neither a JPEG nor a PNG image; convert it or leave it out.", name);
}

}  // namespace fl
