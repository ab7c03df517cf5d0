#pragma once
// The decoders behind decode_image, one file each. The C library for JPEG reports errors by longjmp, so there no object
// with a destructor stands between the jump and its target; for PNG, trainer/png does so. None of them prints anything.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "trainer/base/result.h"
#include "trainer/data/images/image.h"

namespace fl {

// An image as its file stores it.
struct StoredImage {
  Bitmap image;
  int orientation = 1;    // of Exif: 1 is upright already
  bool mended = false;    // what surrounds the pixels is damaged; every pixel is there
  bool animated = false;  // `image` is the first of several pictures
};

Result<StoredImage> decode_jpeg(std::span<const std::byte> bytes, std::string_view name);
Result<StoredImage> decode_png(std::span<const std::byte> bytes, std::string_view name);
Result<StoredImage> decode_webp(std::span<const std::byte> bytes, std::string_view name);
Result<StoredImage> decode_gif(std::span<const std::byte> bytes, std::string_view name);
Result<StoredImage> decode_bmp(std::span<const std::byte> bytes, std::string_view name);
Result<StoredImage> decode_tiff(std::span<const std::byte> bytes, std::string_view name);

// Refuses a size that decoding must not take memory or time for: `file_bytes` long is the file that claims it.
Result<void> check_image_size(std::uint64_t width, std::uint64_t height, std::size_t file_bytes,
                              std::string_view name);

// Lays pixels of `colours` + 1 samples, the last of which is opacity, over black. Hidden colours under transparent
// pixels are arbitrary, so opacity is multiplied in, not dropped.
std::vector<std::uint8_t> over_black(std::span<const std::uint8_t> pixels, std::size_t colours);

// "NAME is a damaged KIND image (reason); replace it or leave it out."
Error damaged_image(std::string_view name, std::string_view kind, std::string_view reason);

}  // namespace fl
