#include "trainer/data/images/image.h"

#include "trainer/data/files/file_kind.h"
#include "trainer/data/images/codecs.h"
#include "trainer/data/images/exif.h"
#include "trainer/data/images/image_remarks.h"

namespace fl {
namespace {

// A file of a few kilobytes can claim millions of pixels, all alike, that take seconds to unpack. Images that somebody
// took hold far fewer a byte; what is small is no burden.
constexpr std::uint64_t kPixelsPerByte = 128, kAlwaysRead = 4'000'000;

Result<StoredImage> decode_stored(std::span<const std::byte> bytes, std::string_view name) {
  switch (file_kind(bytes).format) {
    case ImageFormat::kJpeg: return decode_jpeg(bytes, name);
    case ImageFormat::kPng: return decode_png(bytes, name);
    case ImageFormat::kWebp: return decode_webp(bytes, name);
    case ImageFormat::kGif: return decode_gif(bytes, name);
    case ImageFormat::kBmp: return decode_bmp(bytes, name);
    case ImageFormat::kTiff: return decode_tiff(bytes, name);
    case ImageFormat::kNone: break;
  }
  return not_an_image(bytes, name);
}

}  // namespace

Result<void> check_image_size(std::uint64_t width, std::uint64_t height, std::size_t file_bytes,
                              std::string_view name) {
  constexpr std::uint64_t kSide = kMaxImageSide;
  if (width == 0 || height == 0)
    return error("{} has no pixels; replace it or leave it out.", name);
  if (width > kSide || height > kSide || width * height > kMaxImagePixels)
    return error(
        "{} measures {} x {} pixels, but the limit is {} per side and {} million in total; shrink it first.",
        name, width, height, kMaxImageSide, kMaxImagePixels / 1'000'000);
  if (width * height > kAlwaysRead && width * height / kPixelsPerByte > file_bytes)
    return error("{} claims to have {} x {} pixels in only {} bytes; save it again at a smaller size, or leave it out.", name, width,
                 height, file_bytes);
  return {};
}

std::vector<std::uint8_t> over_black(std::span<const std::uint8_t> pixels, std::size_t colours) {
  std::vector<std::uint8_t> opaque;
  opaque.reserve(pixels.size() / (colours + 1) * colours);
  for (std::size_t i = 0; i < pixels.size(); i += colours + 1)
    for (std::size_t c = 0; c < colours; ++c)
      opaque.push_back(static_cast<std::uint8_t>((pixels[i + c] * pixels[i + colours] + 127) / 255));
  return opaque;
}

Error damaged_image(std::string_view name, std::string_view kind, std::string_view reason) {
  return error("{} is a damaged {} image ({}); replace it or leave it out.", name, kind, reason);
}

Result<Bitmap> decode_image(std::span<const std::byte> bytes, std::string_view name, ImageRemarks* remarks) {
  FL_TRY_LET(stored, decode_stored(bytes, name));
  if (remarks != nullptr) {
    if (stored->mended) remarks->add(ImageRemark::kMended, name);
    if (stored->animated) remarks->add(ImageRemark::kAnimated, name);
    remarks->look_at(stored->image, name);
  }
  return upright(std::move(stored->image), stored->orientation);
}

}  // namespace fl
