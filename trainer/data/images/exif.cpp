#include "trainer/data/images/exif.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::size_t kHeaderBytes = 8, kEntryBytes = 12;
constexpr std::uint32_t kOrientationTag = 0x0112, kShort = 3, kMagic = 42;

// Numbers of a TIFF structure, in either byte order. None beyond the end.
class Numbers {
 public:
  explicit Numbers(std::span<const std::byte> bytes) : bytes_(bytes) {
    little_ = bytes.size() >= 2 && bytes[0] == std::byte{'I'} && bytes[1] == std::byte{'I'};
    known_ = little_ || (bytes.size() >= 2 && bytes[0] == std::byte{'M'} && bytes[1] == std::byte{'M'});
  }
  [[nodiscard]] bool known() const { return known_; }

  [[nodiscard]] std::optional<std::uint32_t> at(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | std::to_integer<std::uint32_t>(bytes_[offset + (little_ ? size - 1 - i : i)]);
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool little_ = false, known_ = false;
};

}  // namespace

int exif_orientation(std::span<const std::byte> exif) {
  static constexpr std::array kPrefix = {std::byte{'E'}, std::byte{'x'}, std::byte{'i'},
                                         std::byte{'f'}, std::byte{0},   std::byte{0}};
  if (exif.size() >= kPrefix.size() && std::ranges::equal(exif.first(kPrefix.size()), kPrefix))
    exif = exif.subspan(kPrefix.size());
  const Numbers numbers(exif);
  if (!numbers.known() || numbers.at(2, 2) != kMagic) return 1;
  const std::size_t directory = numbers.at(4, 4).value_or(0);
  const std::size_t entries = numbers.at(directory, 2).value_or(0);
  if (directory < kHeaderBytes) return 1;
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    const auto tag = numbers.at(entry, 2);
    if (!tag) return 1;
    if (*tag != kOrientationTag) continue;
    const std::uint32_t value = numbers.at(entry + 8, 2).value_or(1);
    const bool valid = numbers.at(entry + 2, 2) == kShort && value >= 1 && value <= 8;
    return valid ? static_cast<int>(value) : 1;
  }
  return 1;
}

Bitmap upright(Bitmap image, int orientation) {
  FL_CHECK(orientation >= 1 && orientation <= 8);
  if (orientation == 1) return image;
  // Where the first stored row and column are to lie: 1 top left, 2 top right, 3 bottom right, 4 bottom left; 5 to 8
  // the same with rows and columns exchanged.
  const bool transposed = orientation >= 5;
  const bool mirrored_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirrored_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Bitmap turned{transposed ? image.height : image.width, transposed ? image.width : image.height, image.channels, {}};
  turned.pixels.resize(image.pixels.size());
  const auto channels = static_cast<std::size_t>(image.channels);
  const auto stored_width = static_cast<std::size_t>(image.width);
  auto out = turned.pixels.begin();
  for (int y = 0; y < turned.height; ++y)
    for (int x = 0; x < turned.width; ++x) {
      int from_x = transposed ? y : x, from_y = transposed ? x : y;
      if (mirrored_x) from_x = image.width - 1 - from_x;
      if (mirrored_y) from_y = image.height - 1 - from_y;
      const std::size_t from = static_cast<std::size_t>(from_y) * stored_width + static_cast<std::size_t>(from_x);
      out = std::copy_n(image.pixels.data() + from * channels, channels, out);
    }
  return turned;
}

}  // namespace fl
