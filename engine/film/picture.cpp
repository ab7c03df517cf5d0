#include "engine/film/picture.h"

#include <span>

#include <png.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/picture_mark.h"

namespace fl {
namespace {

constexpr std::uint32_t kMaxSide = 16384;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

// libpng's simplified interface: errors come back in `message`, nothing jumps.
struct PngImage : png_image {
  PngImage() : png_image{} { version = PNG_IMAGE_VERSION; }
  ~PngImage() { png_image_free(this); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;
};

}  // namespace

Result<void> save_png(const std::filesystem::path& path, const Picture& picture) {
  FL_CHECK(picture.rgba.size() == std::size_t{picture.width} * picture.height * 4);
  std::vector<std::uint8_t> rgb;
  rgb.reserve(picture.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
    rgb.insert(rgb.end(), {picture.rgba[i], picture.rgba[i + 1], picture.rgba[i + 2]});

  PngImage image;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::byte> file(bytes);
  if (png_image_write_to_memory(&image, file.data(), &bytes, 0, rgb.data(), 0, nullptr) == 0)
    return error("{}: the picture could not be compressed: {}", path.string(), image.message);
  file.resize(bytes);
  mark_picture(file);
  return write_file_atomic(path, std::span<const std::byte>(file));
}

Result<Picture> load_png(const std::filesystem::path& path) {
  const Result<std::vector<std::byte>> file = read_file(path, kMaxFileBytes);
  if (!file) return file.error();
  PngImage image;
  if (png_image_begin_read_from_memory(&image, file->data(), file->size()) == 0)
    return error("{} is not a readable PNG file: {}", path.string(), image.message);
  if (image.width > kMaxSide || image.height > kMaxSide)
    return error("{} has more than {} pixels a side", path.string(), kMaxSide);
  image.format = PNG_FORMAT_RGBA;
  Picture picture{image.width, image.height, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  if (png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr) == 0)
    return error("{} is not a readable PNG file: {}", path.string(), image.message);
  return picture;
}

}  // namespace fl
