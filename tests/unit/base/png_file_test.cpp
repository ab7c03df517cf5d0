// PNG files in memory: what is written is read again, whatever its channels, and damage is told.

#include "trainer/png/png_file.h"

#include <numeric>

#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr std::uint32_t kWidth = 5, kHeight = 3;

std::vector<std::uint8_t> ramp(int channels) {
  std::vector<std::uint8_t> pixels(std::size_t{kWidth} * kHeight * static_cast<std::size_t>(channels));
  std::iota(pixels.begin(), pixels.end(), std::uint8_t{7});
  return pixels;
}

std::vector<std::byte> written(int channels, PngStyle style = PngStyle::kSmall) {
  auto file = write_png(kWidth, kHeight, channels, ramp(channels), style);
  return file ? std::move(*file) : std::vector<std::byte>{};
}

// Empty where the file is damaged.
std::vector<std::uint8_t> samples_of(PngReader& reader, PngSamples samples) {
  if (!reader.read_header() || !reader.convert_to(samples)) return {};
  std::vector<std::uint8_t> pixels(reader.row_bytes() * reader.height());
  if (!reader.read_pixels(pixels.data())) pixels.clear();
  return pixels;
}

TEST(PngFile, ReadsWhatWasWritten) {
  for (const int channels : {1, 3, 4})
    for (const PngStyle style : {PngStyle::kFast, PngStyle::kSmall}) {
      const auto file = written(channels, style);
      PngReader reader(file);
      EXPECT_EQ(samples_of(reader, PngSamples::kEightBits), ramp(channels)) << channels << reader.message();
      EXPECT_EQ(reader.width(), kWidth);
      EXPECT_EQ(reader.height(), kHeight);
      EXPECT_EQ(reader.channels(), channels);
      EXPECT_EQ(reader.bits(), 8);
      EXPECT_TRUE(reader.ended());
    }
}

TEST(PngFile, BringsGreyAndRgbToRgba) {
  for (const int channels : {1, 3, 4}) {
    const auto file = written(channels);
    PngReader reader(file);
    const auto rgba = samples_of(reader, PngSamples::kRgba);
    const auto expected = ramp(channels);
    ASSERT_EQ(rgba.size(), std::size_t{kWidth} * kHeight * 4) << reader.message();
    for (std::size_t i = 0; i < rgba.size(); ++i) {
      const std::size_t pixel = i / 4, channel = i % 4;
      const std::size_t source = channels == 1 ? pixel : pixel * static_cast<std::size_t>(channels) + channel;
      EXPECT_EQ(rgba[i], channel == 3 && channels < 4 ? 0xFF : expected[source]) << i << " of " << channels;
    }
  }
}

TEST(PngFile, TellsWhereAFileEndsTooEarly) {
  const auto file = written(3);
  const std::span<const std::byte> bytes(file);
  PngReader header(bytes.first(20)), pixels(bytes.first(60));
  EXPECT_FALSE(header.read_header());
  EXPECT_STREQ(header.message(), "the file ends too early");
  EXPECT_TRUE(samples_of(pixels, PngSamples::kRgba).empty());
  EXPECT_STREQ(pixels.message(), "the file ends too early");
}

TEST(PngFile, KeepsPixelsBeforeADamagedEnd) {
  const auto file = written(3);
  const std::span<const std::byte> bytes(file);
  PngReader reader(bytes.first(bytes.size() - 6));  // within the last chunk
  EXPECT_EQ(samples_of(reader, PngSamples::kEightBits), ramp(3)) << reader.message();
  EXPECT_FALSE(reader.ended());
}

}  // namespace
}  // namespace fl
