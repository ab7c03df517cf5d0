#include "engine/film/picture.h"

#include <span>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/picture_mark.h"
#include "trainer/png/png_file.h"

namespace fl {
namespace {

constexpr std::uint32_t kMaxSide = 16384;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

std::vector<std::uint8_t> rgb_of(const Picture& picture) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(picture.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
    rgb.insert(rgb.end(), {picture.rgba[i], picture.rgba[i + 1], picture.rgba[i + 2]});
  return rgb;
}

}  // namespace

Result<void> save_png(const std::filesystem::path& path, const Picture& picture, PngAlpha alpha) {
  FL_CHECK(picture.rgba.size() == std::size_t{picture.width} * picture.height * 4);
  const bool straight = alpha == PngAlpha::kStraight;
  auto file = write_png(picture.width, picture.height, straight ? 4 : 3,
                        straight ? picture.rgba : rgb_of(picture), PngStyle::kSmall);
  if (!file) return error("{}: the picture could not be compressed: {}", path.string(), file.error().message);
  mark_picture(*file);
  return write_file_atomic(path, std::span<const std::byte>(*file));
}

Result<Picture> load_png(const std::filesystem::path& path) {
  FL_TRY_LET(file, read_file(path, kMaxFileBytes));
PngReader reader(*file);
const auto damaged = [&] {
  return error("{} is not a readable PNG file: {}", path.string(), reader.message());
};
if (!reader.read_header()) return damaged();
const PngShape& shape = reader.shape();
if (shape.width > kMaxSide || shape.height > kMaxSide)
  return error("{} has more than {} pixels a side", path.string(), kMaxSide);
if (!reader.convert_to(PngSamples::kRgba)) return damaged();
Picture picture{shape.width, shape.height, std::vector<std::uint8_t>(shape.bytes())};
if (!reader.read_pixels(picture.rgba.data())) return damaged();
return picture;
}

}  // namespace fl
