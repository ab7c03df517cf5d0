#pragma once
// An 8-bit image in memory (engine/vk has an Image of its own), and the file formats that hold one. Files
// come from anywhere, so decoding refuses sizes beyond the bounds before it takes memory, and refuses images
// with missing pixels instead of guessing.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct Bitmap {
  int width = 0, height = 0;
  int channels = 1;                  // 1: grey, 3: red, green, blue
  std::vector<std::uint8_t> pixels;  // [y][x][channel]
};

inline constexpr int kMaxImageSide = 16384;
inline constexpr std::size_t kMaxImagePixels = 50'000'000;  // what today's phones take

// The formats that decode_image reads, for a sentence.
inline constexpr const char* kReadFormats = "JPEG, PNG, WebP, GIF, BMP or TIFF";

class ImageRemarks;

// Decodes a JPEG, PNG, WebP, GIF, BMP or TIFF, told apart by their first bytes, into what a viewer shows: turned as
// its Exif data say, printing colours converted, palettes expanded, samples of more bits rounded to 8 (of a PNG that
// uses fewer than it stores, and says so, from those it uses), the first of several pictures. Transparency is laid
// over black (what a canvas without background gives), colour profiles are ignored. Damage that leaves every pixel in
// place is put up with, as browsers do.
// `name` is what the error calls the image; `remarks` takes what is worth saying of it. Errors: another format, over
// the bounds, damaged or truncated.
Result<Bitmap> decode_image(std::span<const std::byte> bytes, std::string_view name,
                            ImageRemarks* remarks = nullptr);

// A PNG of `pixels` ([y][x][channel]; channels 1 grey, 3 RGB, 4 RGBA), compressed for speed rather than size.
// Precondition: pixels.size() == width * height * channels. Errors: a side of 0 or over the bounds.
Result<std::vector<std::byte>> encode_png(int width, int height, int channels,
                                          std::span<const std::uint8_t> pixels);

// A baseline JPEG without chroma subsampling, so that thin coloured structures keep their colour.
// `quality` is libjpeg's, 1 to 100. Preconditions: 1 or 3 channels, pixels.size() as encode_png's.
// Errors: a side of 0 or over the bounds.
Result<std::vector<std::byte>> encode_jpeg(const Bitmap& image, int quality = 95);

}  // namespace fl
