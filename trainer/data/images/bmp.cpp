#include <algorithm>
#include <array>
#include <bit>

#include "trainer/data/images/codecs.h"

// Windows bitmaps, from the documentation of BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER and its successors:
// uncompressed ones of 1 to 32 bits a pixel. Those with run lengths are named and refused.

namespace fl {
namespace {

constexpr std::size_t kFileHeader = 14, kCoreHeader = 12, kInfoHeader = 40, kAlphaMaskEnd = 56;
constexpr std::uint32_t kPlain = 0, kRuns8 = 1, kRuns4 = 2, kMasks = 3, kMasksWithAlpha = 6;

// One sample of a pixel of 16 or 32 bits, stretched to 8.
class Field {
 public:
  explicit Field(std::uint32_t mask = 0)
      : shift_(mask == 0 ? 0 : std::countr_zero(mask)), highest_(mask >> shift_) {}
  [[nodiscard]] bool exists() const { return highest_ != 0; }
  [[nodiscard]] std::uint8_t of(std::uint32_t pixel) const {
    if (highest_ == 0) return 0;
    const std::uint64_t value = (pixel >> shift_) & highest_;
    return static_cast<std::uint8_t>((value * 255 + highest_ / 2) / highest_);
  }

 private:
  int shift_;
  std::uint32_t highest_;
};

struct Header {
  std::uint64_t width = 0, height = 0;
  bool bottom_up = true;
  std::uint32_t bits = 0, compression = kPlain;
  std::size_t pixels_at = 0, palette_at = 0, palette_entry = 4, colours = 0;
  std::array<Field, 4> fields;  // red, green, blue, opacity: pixels of 16 and 32 bits
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  // Little-endian; 0 beyond the end.
  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | byte(at + i);
    return value;
  }
  [[nodiscard]] std::uint8_t byte(std::size_t at) const {
    return at < bytes_.size() ? std::to_integer<std::uint8_t>(bytes_[at]) : std::uint8_t{0};
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
};

Header read_header(const Reader& file) {
  Header header;
  const std::size_t size = file.number(kFileHeader, 4);
  header.pixels_at = file.number(10, 4);
  header.palette_at = kFileHeader + size;
  if (size == kCoreHeader) {
    header.width = file.number(18, 2);
    header.height = file.number(20, 2);
    header.bits = file.number(24, 2);
    header.palette_entry = 3;
  } else if (size >= kInfoHeader) {
    header.width = file.number(18, 4);
    const auto height = static_cast<std::int32_t>(file.number(22, 4));
    header.bottom_up = height > 0;
    header.height = static_cast<std::uint64_t>(height < 0 ? -std::int64_t{height} : height);
    header.bits = file.number(28, 2);
    header.compression = file.number(30, 4);
    header.colours = file.number(46, 4);
  }
  if (header.bits <= 8 && (header.colours == 0 || header.colours > (1u << header.bits)))
    header.colours = 1u << header.bits;
  if (header.compression == kMasks || header.compression == kMasksWithAlpha) {
    const std::size_t masks = kFileHeader + kInfoHeader;  // behind the oldest header, and in the later ones
    for (std::size_t i = 0; i < 3; ++i) header.fields[i] = Field(file.number(masks + 4 * i, 4));
    if (size >= kAlphaMaskEnd || header.compression == kMasksWithAlpha)
      header.fields[3] = Field(file.number(masks + 12, 4));
  } else if (header.bits == 16) {
    header.fields = {Field(0x7C00), Field(0x03E0), Field(0x001F), Field()};
  } else {
    header.fields = {Field(0xFF0000), Field(0x00FF00), Field(0x0000FF), Field()};
  }
  return header;
}

// Red, green, blue of the pixel `x` of a row that begins at byte `row`.
std::array<std::uint8_t, 3> pixel_of(const Reader& file, const Header& header, std::size_t row, std::size_t x) {
  if (header.bits <= 8) {
    const std::size_t bit = x * header.bits;
    const std::uint32_t shift = 8 - header.bits - bit % 8, mask = (1u << header.bits) - 1;
    const std::size_t index = (static_cast<std::uint32_t>(file.byte(row + bit / 8)) >> shift) & mask;
    if (index >= header.colours) return {};
    const std::size_t entry = header.palette_at + index * header.palette_entry;
    return {file.byte(entry + 2), file.byte(entry + 1), file.byte(entry)};
  }
  const std::uint32_t value = file.number(row + x * header.bits / 8, header.bits / 8);
  const Field& opacity = header.fields[3];
  std::array<std::uint8_t, 3> pixel{};
  for (std::size_t c = 0; c < 3; ++c) {
    const unsigned sample = header.fields[c].of(value);
    pixel[c] = static_cast<std::uint8_t>(opacity.exists() ? (sample * opacity.of(value) + 127) / 255 : sample);
  }
  return pixel;
}

}  // namespace

Result<StoredImage> decode_bmp(std::span<const std::byte> bytes, std::string_view name) {
  const Reader file(bytes);
  const Header header = read_header(file);
  if (header.compression == kRuns8 || header.compression == kRuns4)
    return error("{} is a BMP image with run-length compression, which cannot be read here; save it as PNG.", name);
  static constexpr std::array kDepths = {1u, 2u, 4u, 8u, 16u, 24u, 32u};
  const bool masked = header.compression == kMasks || header.compression == kMasksWithAlpha;
  if ((header.compression != kPlain && !masked) || (masked && header.bits != 16 && header.bits != 32) ||
      std::ranges::find(kDepths, header.bits) == kDepths.end())
    return error("{} is a kind of BMP image that cannot be read here; save it as PNG.", name);
  FL_TRY(check_image_size(header.width, header.height, bytes.size(), name));
  const std::size_t stride = (header.width * header.bits + 31) / 32 * 4;  // rows are filled up to 4 bytes
  const std::size_t last_row = (header.width * header.bits + 7) / 8;
  if (header.pixels_at < kFileHeader + kCoreHeader ||
      header.pixels_at + stride * (header.height - 1) + last_row > file.size())
    return damaged_image(name, "BMP", "the file ends too early");
  StoredImage stored;
  stored.image = {static_cast<int>(header.width), static_cast<int>(header.height), 3, {}};
  stored.image.pixels.reserve(header.width * header.height * 3);
  for (std::size_t y = 0; y < header.height; ++y) {
    const std::size_t row = header.pixels_at + (header.bottom_up ? header.height - 1 - y : y) * stride;
    for (std::size_t x = 0; x < header.width; ++x) {
      const auto pixel = pixel_of(file, header, row, x);
      stored.image.pixels.insert(stored.image.pixels.end(), pixel.begin(), pixel.end());
    }
  }
  return stored;
}

}  // namespace fl
