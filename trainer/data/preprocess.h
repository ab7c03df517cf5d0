#pragma once
// From a decoded image to what the network sees. Downscaling averages the area that each output pixel
// covers: plain sampling would alias skull and noise into patterns that a network learns.

#include <cstdint>
#include <span>

#include "trainer/data/dataset.h"
#include "trainer/data/images/image.h"

namespace fl {

// Centre square crop, resize to `shape` (square), luminance (Rec. 601) or RGB, x / 127.5 - 1, planar
// [channel][y][x]. Area average where it shrinks, bilinear where it grows; deterministic.
// Preconditions: shape.width == shape.height, shape.channels is 1 or 3, out.size() == shape.floats().
void preprocess(const Bitmap& image, const ImageShape& shape, std::span<float> out);

// The same, stopped before the channels are decided: of one image both inputs can be made for the price of
// one.
struct ResizedImage {
  int channels = 1, width = 0, height = 0;
  std::vector<double> values;  // [channel][y][x], 0 ... 255
};
ResizedImage crop_and_resize(const Bitmap& image, int size);
// The whole image, not cropped.
ResizedImage resize(const Bitmap& image, int width, int height);
// `channels` 1 or 3; x / half_range - 1. Precondition: out.size() == channels * width * height.
void to_input(const ResizedImage& image, int channels, std::span<float> out, double half_range = 127.5);

// A decoded image as `spec` wants it looked at: with its colour range painted red, where it has one.
Bitmap paint(Bitmap image, const DataSpec& spec);

// The one way from a file to an input: decoded, painted, preprocessed to the image size and channels of
// `spec`, which are decided. `name` is what the error calls it; `remarks` as decode_image's. Errors: as
// decode_image, `out` then being undefined.
Result<void> preprocess_file(std::span<const std::byte> bytes, std::string_view name, const DataSpec& spec,
                             std::span<float> out, ImageRemarks* remarks = nullptr);

// The 8-bit value behind a preprocessed one, rounded.
std::uint8_t to_byte(float value);

}  // namespace fl
