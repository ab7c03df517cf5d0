#include <cstring>

#include "trainer/base/check.h"
#include "trainer/data/images/codecs.h"
#include "trainer/data/images/exif.h"
#include "trainer/png/png_file.h"

namespace fl {
namespace {

// The standard wants samples of few significant bits stretched over all bits, and many scanners and converters leave
// them as they are: 12 bits of 16, say, which would look black. The latter is so where no sample exceeds the
// significant bits, and some lie where stretching, rounded either way, never leads.
template <typename Sample>
bool is_unstretched(std::span<const Sample> samples, int bits, int significant, std::size_t step, std::size_t colours) {
  const unsigned limit = 1u << significant, low = (1u << (bits - significant)) - 1;
  bool fine = false;
  for (std::size_t i = 0; i < samples.size(); i += step)
    for (std::size_t c = 0; c < colours; ++c) {
      const unsigned sample = samples[i + c];
      if (sample >= limit) return false;
      fine = fine || ((sample & low) > 1 && (sample & low) < low);
    }
  return fine;
}

// `samples` with the full range of Sample, or of `significant` bits where they were left unstretched, as 8 bits; an
// opacity, the last of `step` samples, has the full range always.
template <typename Sample>
std::vector<std::uint8_t> to_eight_bits(std::span<const Sample> samples, int significant, std::size_t step,
                                        std::size_t colours) {
  constexpr int kBits = 8 * sizeof(Sample);
  const bool unstretched = is_unstretched(samples, kBits, significant, step, colours);
  const std::uint32_t full = (1u << kBits) - 1, white = unstretched ? (1u << significant) - 1 : full;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::uint32_t highest = i % step < colours ? white : full;
    bytes.push_back(static_cast<std::uint8_t>((samples[i] * 255u + highest / 2) / highest));
  }
  return bytes;
}

}  // namespace

Result<StoredImage> decode_png(std::span<const std::byte> bytes, std::string_view name) {
  PngReader reader(bytes);
  if (!reader.read_header()) return damaged_image(name, "PNG", reader.message());
  const PngShape& shape = reader.shape();
  FL_TRY(check_image_size(shape.width, shape.height, bytes.size(), name));
  const int significant = reader.significant_bits();
  const bool deep = significant > 0 && significant < shape.bits && shape.bits == 16;
  const bool narrow = significant > 0 && significant < shape.bits && shape.bits == 8;
  if (!reader.convert_to(deep ? PngSamples::kAsStored : PngSamples::kEightBits))
    return damaged_image(name, "PNG", reader.message());
  StoredImage stored;
  Bitmap& image = stored.image;
  image.width = static_cast<int>(shape.width);
  image.height = static_cast<int>(shape.height);
  image.pixels.resize(shape.bytes());
  if (!reader.read_pixels(image.pixels.data())) return damaged_image(name, "PNG", reader.message());
  stored.mended = !reader.ended();
  stored.orientation = exif_orientation(reader.exif());
  const auto samples = static_cast<std::size_t>(shape.channels);
  image.channels = samples <= 2 ? 1 : 3;
  const auto colours = static_cast<std::size_t>(image.channels);
  if (deep) {
    std::vector<std::uint16_t> whole(image.pixels.size() / sizeof(std::uint16_t));
    std::memcpy(whole.data(), image.pixels.data(), image.pixels.size());
    image.pixels = to_eight_bits(std::span<const std::uint16_t>(whole), significant, samples, colours);
  } else if (narrow) {
    image.pixels = to_eight_bits(std::span<const std::uint8_t>(image.pixels), significant, samples, colours);
  }
  if (samples != colours) image.pixels = over_black(image.pixels, colours);
  return stored;
}

Result<std::vector<std::byte>> encode_png(int width, int height, int channels,
                                          std::span<const std::uint8_t> pixels) {
  FL_CHECK(width >= 0 && height >= 0);
  const auto w = static_cast<std::uint32_t>(width), h = static_cast<std::uint32_t>(height);
  FL_TRY(check_image_size(w, h, pixels.size(), "The picture to write"));
  auto png = write_png(w, h, channels, pixels, PngStyle::kFast);
  if (!png) return error("Cannot encode a PNG of {} x {} pixels: {}.", width, height, png.error().message);
  return png;
}

}  // namespace fl
