#include <cstdlib>

#include <gtest/gtest.h>
#include <png.h>

#include "tests/unit/data/data_support.h"

namespace fl {
namespace {

using test::Bytes;

// A PNG of any kind; `bytes` holds the rows, 16-bit samples in big-endian order. `significant`: bits of a sample that
// mean something, if the file is to say so.
Bytes raw_png(int width, int height, int depth, int type, const std::vector<std::uint8_t>& bytes,
              const std::vector<png_color>& palette = {}, bool interlaced = false, int significant = 0) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp p, png_bytep data, std::size_t count) {
        const auto* first = reinterpret_cast<const std::byte*>(data);
        auto* to = static_cast<Bytes*>(png_get_io_ptr(p));
        to->insert(to->end(), first, first + count);
      },
      nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  const auto bits = static_cast<png_byte>(significant);
  const png_color_8 all{bits, bits, bits, bits, static_cast<png_byte>(depth)};
  if (significant > 0) png_set_sBIT(png, info, &all);
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(png, info);
  std::vector<std::uint8_t> rows = bytes;
  const std::size_t stride = rows.size() / static_cast<std::size_t>(height);
  std::vector<png_bytep> pointers;
  for (int y = 0; y < height; ++y) pointers.push_back(rows.data() + static_cast<std::size_t>(y) * stride);
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::vector<std::uint8_t> decoded(const Bytes& bytes) {
  const auto image = decode_image(bytes, "test");
  EXPECT_TRUE(image.ok()) << image.error().message;
  return image ? image->pixels : std::vector<std::uint8_t>{};
}

TEST(Bitmap, PngRoundTripIsExact) {
  for (const int channels : {1, 3}) {
    const Bitmap image = test::test_picture(37, channels, 3);
    const auto back = decode_image(test::png_of(image), "round trip");
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->width, 37);
    EXPECT_EQ(back->height, 37);
    EXPECT_EQ(back->channels, channels);
    EXPECT_EQ(back->pixels, image.pixels);
  }
}

TEST(Bitmap, SixteenBitGreyIsRoundedToEight) {
  // 0, 1/2 a step up (128), just below it, full scale: value * 255 / 65535, rounded to nearest.
  const std::vector<std::uint8_t> rows = {0x00, 0x00, 0x00, 0x81, 0x00, 0x80,
                                          0xFF, 0xFF, 0x80, 0x80, 0x12, 0x34};
  const auto pixels = decoded(raw_png(6, 1, 16, PNG_COLOR_TYPE_GRAY, rows));
  ASSERT_EQ(pixels.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const int value = rows[2 * i] * 256 + rows[2 * i + 1];
    EXPECT_EQ(pixels[i], (value * 255 + 32767) / 65535) << value;
  }
}

// 12 bits of 16, as scanners write them: stretched over all bits, or left as they are.
TEST(Bitmap, SignificantBitsAreObeyed) {
  constexpr int kCount = 64;
  const auto file = [](int type, int factor, int significant) {
    std::vector<std::uint8_t> rows;
    for (int i = 0; i < kCount; ++i) {
      const int value = (i * 4095 / (kCount - 1)) * factor;
      const int samples = type == PNG_COLOR_TYPE_GRAY ? 1 : 3;
      for (int c = 0; c < samples; ++c) rows.insert(rows.end(), {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
    }
    return decoded(raw_png(kCount, 1, 16, type, rows, {}, false, significant));
  };
  for (const int type : {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_RGB}) {
    const auto unstretched = file(type, 1, 12), stretched = file(type, 16, 12), unsaid = file(type, 1, 0);
    const std::size_t samples = unstretched.size() / kCount;
    for (int i = 0; i < kCount; ++i) {
      const double wanted = 255.0 * i / (kCount - 1);
      EXPECT_NEAR(unstretched[static_cast<std::size_t>(i) * samples], wanted, 1) << i;
      EXPECT_NEAR(stretched[static_cast<std::size_t>(i) * samples], wanted, 1.1) << i;
      EXPECT_LE(unsaid[static_cast<std::size_t>(i) * samples], 16);
    }
  }
  // Opacity has its full range whatever the grey uses.
  const std::vector<std::uint8_t> clear = {0x0F, 0xFF, 0xFF, 0xFF, 0x0F, 0xF7, 0x80, 0x00};
  const auto pixels = decoded(raw_png(2, 1, 16, PNG_COLOR_TYPE_GRAY_ALPHA, clear, {}, false, 12));
  EXPECT_NEAR(pixels[0], 255, 1);
  EXPECT_NEAR(pixels[1], 127, 2);
  EXPECT_EQ(decoded(raw_png(2, 1, 8, PNG_COLOR_TYPE_GRAY, {15, 6}, {}, false, 4)), (std::vector<std::uint8_t>{255, 102}));
}

TEST(Bitmap, PaletteBecomesColour) {
  const auto pixels =
      decoded(raw_png(3, 1, 8, PNG_COLOR_TYPE_PALETTE, {2, 0, 1}, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
  EXPECT_EQ(pixels, (std::vector<std::uint8_t>{7, 8, 9, 1, 2, 3, 4, 5, 6}));
}

TEST(Bitmap, OneBitGreyBecomesBlackAndWhite) {
  const auto pixels = decoded(raw_png(8, 1, 1, PNG_COLOR_TYPE_GRAY, {0b10110001}));
  EXPECT_EQ(pixels, (std::vector<std::uint8_t>{255, 0, 255, 255, 0, 0, 0, 255}));
}

TEST(Bitmap, TransparencyIsLaidOverBlack) {
  EXPECT_EQ(decoded(raw_png(3, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, {200, 255, 200, 0, 200, 128})),
            (std::vector<std::uint8_t>{200, 0, 100}));
  EXPECT_EQ(decoded(raw_png(2, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, {9, 99, 250, 255, 9, 99, 250, 0})),
            (std::vector<std::uint8_t>{9, 99, 250, 0, 0, 0}));
}

TEST(Bitmap, InterlacedPngEqualsPlainOne) {
  const Bitmap image = test::test_picture(19, 1, 7);
  EXPECT_EQ(decoded(raw_png(19, 19, 8, PNG_COLOR_TYPE_GRAY, image.pixels, {}, true)), image.pixels);
}

TEST(Bitmap, JpegIsCloseToItsSource) {
  for (const int channels : {1, 3}) {
    const Bitmap image = test::test_picture(48, channels, 1);
    const auto back = decode_image(test::jpeg_of(image, 98), "jpeg");
    ASSERT_TRUE(back.ok()) << back.error().message;
    ASSERT_EQ(back->channels, channels);
    ASSERT_EQ(back->pixels.size(), image.pixels.size());
    double difference = 0;
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
      difference += std::abs(back->pixels[i] - image.pixels[i]);
    EXPECT_LT(difference / static_cast<double>(image.pixels.size()), channels == 1 ? 1.0 : 3.0);
  }
}

// Behind the last pixel there may be missing what ends the file.
TEST(Bitmap, EveryTruncationThatLosesPixelsIsAnError) {
  const Bitmap image = test::test_picture(40, 3, 2);
  for (const Bytes& whole : {test::jpeg_of(image), test::png_of(image)}) {
    const auto complete = decode_image(whole, "whole");
    ASSERT_TRUE(complete.ok());
    for (std::size_t length = 0; length < whole.size(); length += length + 40 < whole.size() ? 13 : 1) {
      const auto image_or = decode_image(std::span(whole).first(length), "part.jpg");
      if (image_or && length + 13 > whole.size()) {
        EXPECT_EQ(image_or->pixels, complete->pixels);
        continue;
      }
      ASSERT_FALSE(image_or.ok()) << length << " of " << whole.size();
      EXPECT_NE(image_or.error().message.find("part.jpg"), std::string::npos);
    }
  }
}

// No outcome but an error or an image of the right size; the sanitizers watch the rest.
TEST(Bitmap, FlippedBytesNeverBreakTheDecoder) {
  const Bitmap image = test::test_picture(40, 3, 2);
  for (const Bytes& whole : {test::jpeg_of(image), test::png_of(image)}) {
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += 3) {
      Bytes broken = whole;
      broken[at] ^= std::byte{0x5A};
      const auto result = decode_image(broken, "flipped");
      refused += !result.ok();
      if (result) {
        ASSERT_EQ(result->pixels.size(), static_cast<std::size_t>(result->width) *
                                             static_cast<std::size_t>(result->height) *
                                             static_cast<std::size_t>(result->channels));
      }
    }
    EXPECT_GT(refused, 10);
  }
}

// Only the header says 60000 x 60000: it must be refused before memory is taken for the pixels.
TEST(Bitmap, HugeDimensionsAreRefused) {
  const Bitmap small = test::test_picture(16, 1, 0);
  for (const Bytes& bytes : {test::with_jpeg_size(test::jpeg_of(small), 60000, 60000),
                             test::with_png_size(test::png_of(small), 60000, 60000),
                             test::with_png_size(test::png_of(small), 16384, 16384)}) {
    const auto image = decode_image(bytes, "huge");
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("the limit is 16384 per side"), std::string::npos) << image.error().message;
  }
}

TEST(Bitmap, EncodingRefusesNoPixels) {
  EXPECT_FALSE(encode_png(0, 5, 1, {}).ok());
}

}  // namespace
}  // namespace fl
