// One image file, as a viewer or browser shows it: turned, converted, put up with, or named for what it is.
#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include "tests/unit/data/data_codecs.h"
#include "trainer/data/images/exif.h"
#include "trainer/data/images/image_remarks.h"

namespace fl {
namespace {

using test::Bytes;

Bitmap decoded(const Bytes& bytes, ImageRemarks* remarks = nullptr) {
  auto image = decode_image(bytes, "image", remarks);
  EXPECT_TRUE(image.ok()) << (image.ok() ? "" : image.error().message);
  return image ? *image : Bitmap{};
}

std::string refusal(std::span<const std::byte> bytes, std::string_view name = "x.jpg") {
  const auto image = decode_image(bytes, name);
  return image ? "accepted" : image.error().message;
}

// 2 x 3 pixels, each of another grey: 1 2 / 3 4 / 5 6.
Bitmap six_greys() {
  return {2, 3, 1, {10, 20, 30, 40, 50, 60}};
}

// Large enough for JPEG to keep apart: quarters of four greys, wider than high.
Bitmap quarters() {
  Bitmap image{64, 32, 1, {}};
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 64; ++x)
      image.pixels.push_back(static_cast<std::uint8_t>(40 + 50 * ((x >= 32 ? 1 : 0) + (y >= 16 ? 2 : 0))));
  return image;
}

// Which quarter is where: top left, top right, bottom left, bottom right of what is shown.
std::vector<int> order_of(const Bitmap& image) {
  std::vector<int> order;
  for (const int y : {image.height / 4, image.height * 3 / 4})
    for (const int x : {image.width / 4, image.width * 3 / 4}) {
      const auto at = static_cast<std::size_t>(y * image.width + x) * static_cast<std::size_t>(image.channels);
      order.push_back((image.pixels[at] - 40 + 25) / 50);
    }
  return order;
}

// From the Exif standard's table: where row 0 and column 0 of what is stored belong.
const std::vector<std::vector<int>> kShown = {{0, 1, 2, 3}, {1, 0, 3, 2}, {3, 2, 1, 0}, {2, 3, 0, 1},
                                              {0, 2, 1, 3}, {2, 0, 3, 1}, {3, 1, 2, 0}, {1, 3, 0, 2}};

TEST(Orientation, EachOfTheEightIsTurnedUpright) {
  EXPECT_EQ(upright(six_greys(), 1).pixels, six_greys().pixels);
  EXPECT_EQ(upright(six_greys(), 3).pixels, (std::vector<std::uint8_t>{60, 50, 40, 30, 20, 10}));
  const Bitmap right = upright(six_greys(), 6);  // row 0 becomes the right-hand side
  EXPECT_EQ(right.width, 3);
  EXPECT_EQ(right.height, 2);
  EXPECT_EQ(right.pixels, (std::vector<std::uint8_t>{50, 30, 10, 60, 40, 20}));
  EXPECT_EQ(upright(six_greys(), 8).pixels, (std::vector<std::uint8_t>{20, 40, 60, 10, 30, 50}));
}

TEST(Orientation, JpegPngWebpAndTiffAreTurnedAlike) {
  Bitmap colour{64, 32, 3, {}};
  for (const std::uint8_t grey : quarters().pixels) colour.pixels.insert(colour.pixels.end(), 3, grey);
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool little : {true, false}) {
      const Bytes exif = test::exif_of(orientation, little);
      Bytes prefixed = test::bytes_of(std::string_view("Exif\0\0", 6));
      prefixed.insert(prefixed.end(), exif.begin(), exif.end());
      for (const Bytes& file : {test::with_app1(test::jpeg_of(quarters()), prefixed),
                                test::with_png_chunk(test::png_of(quarters()), "eXIf", exif),
                                test::tiff_of(colour, orientation)}) {
        const Bitmap image = decoded(file);
        EXPECT_EQ(image.width, orientation <= 4 ? 64 : 32) << orientation;
        EXPECT_EQ(order_of(image), kShown[static_cast<std::size_t>(orientation - 1)]) << orientation;
      }
    }
}

TEST(Orientation, DamagedExifTurnsNothing) {
  const Bytes whole = test::exif_of(6);
  ASSERT_EQ(exif_orientation(whole), 6);
  for (std::size_t length = 0; length < 30; ++length) EXPECT_EQ(exif_orientation(std::span(whole).first(length)), 1);
  EXPECT_EQ(exif_orientation(test::exif_of(0)), 1);
  EXPECT_EQ(exif_orientation(test::exif_of(9)), 1);
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int value : {0, 1, 0x7F, 0xFF}) {
      Bytes broken = whole;
      broken[at] = static_cast<std::byte>(value);
      const int orientation = exif_orientation(broken);
      EXPECT_TRUE(orientation >= 1 && orientation <= 8);
    }
}

TEST(PrintingColours, AreConvertedAsBrowsersDo) {
  // Stored inverted: 255 is no ink. Red is full magenta and yellow.
  const auto solid = [](std::initializer_list<std::uint8_t> ink) {
    std::vector<std::uint8_t> inks;
    for (int i = 0; i < 16 * 16; ++i) inks.insert(inks.end(), ink);
    return inks;
  };
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK})
    for (const bool marker : {true, false}) {
      if (stored == JCS_YCCK && !marker) continue;  // only the marker tells the two apart
      const auto first_pixel = [&](std::initializer_list<std::uint8_t> ink) {
        const Bitmap image = decoded(test::cmyk_jpeg(16, solid(ink), stored, marker));
        EXPECT_EQ(image.channels, 3);
        return std::vector<int>(image.pixels.begin(), image.pixels.begin() + 3);
      };
      const auto near = [](const std::vector<int>& pixel, int r, int g, int b) {
        return std::abs(pixel[0] - r) < 5 && std::abs(pixel[1] - g) < 5 && std::abs(pixel[2] - b) < 5;
      };
      EXPECT_TRUE(near(first_pixel({255, 255, 255, 255}), 255, 255, 255));
      EXPECT_TRUE(near(first_pixel({255, 0, 0, 255}), 255, 0, 0));
      EXPECT_TRUE(near(first_pixel({0, 128, 255, 255}), 0, 128, 255));
      EXPECT_TRUE(near(first_pixel({255, 255, 255, 100}), 100, 100, 100));
      EXPECT_TRUE(near(first_pixel({200, 100, 50, 128}), 100, 50, 25));
    }
}

// Where the entropy-coded data of the last scan end.
Bytes without_end(const Bytes& jpeg) {
  return {jpeg.begin(), jpeg.end() - 2};
}

TEST(SloppyFiles, JpegsWithEveryPixelAreKept) {
  const Bitmap picture = test::test_picture(48, 1, 3);
  const Bytes plain = test::jpeg_of(picture);
  const Bytes restarting = test::jpeg_with(picture, [](auto& info) { info.restart_interval = 2; });
  const Bytes progressive = test::jpeg_with(picture, [](auto& info) { jpeg_simple_progression(&info); });
  const auto with_junk = [&](const Bytes& jpeg, std::byte marker) {
    Bytes junk = jpeg;
    for (std::size_t i = 2; i + 1 < junk.size(); ++i)
      if (junk[i] == std::byte{0xFF} && junk[i + 1] == marker) {
        const Bytes stray = test::bytes_of("bytes that stray between two parts of the file");
        junk.insert(junk.begin() + static_cast<std::ptrdiff_t>(i), stray.begin(), stray.end());
        break;
      }
    EXPECT_NE(junk.size(), jpeg.size());
    return junk;
  };
  Bytes odd_end = without_end(plain);  // a marker that no one knows in place of the end
  odd_end.insert(odd_end.end(), {std::byte{0xFF}, std::byte{0xCB}});
  const std::vector<std::pair<Bytes, Bytes>> cases = {
      {plain, without_end(plain)},
      {plain, with_junk(plain, std::byte{0xD9})},
      {plain, odd_end},
      {restarting, with_junk(restarting, std::byte{0xD1})},
      {restarting, with_junk(restarting, std::byte{0xD9})},
      {progressive, without_end(progressive)}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    ImageRemarks whole_remarks, remarks;
    const test::LogCapture log;
    const Bitmap whole = decoded(cases[i].first, &whole_remarks);
    whole_remarks.say();
    EXPECT_EQ(log.count("damaged"), 0);
    EXPECT_EQ(decoded(cases[i].second, &remarks).pixels, whole.pixels) << i;
    remarks.say();
    EXPECT_EQ(log.count("The image image is damaged, but every pixel is there"), 1) << i;
  }
}

TEST(SloppyFiles, JpegsWithMissingPixelsAreNot) {
  const Bitmap picture = test::test_picture(48, 3, 3);
  for (const bool progressive : {false, true}) {
    const Bytes whole = test::jpeg_with(picture, [&](auto& info) {
      if (progressive) jpeg_simple_progression(&info);
    });
    for (std::size_t length = 4; length + 6 < whole.size(); length += 7)
      EXPECT_SAYS(refusal(std::span(whole).first(length)), "is a damaged JPEG");
  }
  Bytes restarting = test::jpeg_with(picture, [](auto& info) { info.restart_interval = 1; });
  for (std::size_t i = 2; i + 1 < restarting.size(); ++i)  // a whole interval is gone
    if (restarting[i] == std::byte{0xFF} && restarting[i + 1] == std::byte{0xD0}) {
      std::size_t next = i + 2;
      while (!(restarting[next] == std::byte{0xFF} && restarting[next + 1] == std::byte{0xD1})) ++next;
      restarting.erase(restarting.begin() + static_cast<std::ptrdiff_t>(i),
                       restarting.begin() + static_cast<std::ptrdiff_t>(next));
      break;
    }
  EXPECT_SAYS(refusal(restarting), "is a damaged JPEG");
}

TEST(SloppyFiles, PngsWithoutAnEndAreKept) {
  const Bitmap picture = test::test_picture(40, 3, 1);
  const Bytes whole = test::png_of(picture);
  constexpr std::size_t kEnd = 12;
  ImageRemarks remarks;
  EXPECT_EQ(decoded(Bytes(whole.begin(), whole.end() - kEnd), &remarks).pixels, picture.pixels);
  const test::LogCapture log;
  remarks.say();
  EXPECT_EQ(log.count("every pixel is there"), 1);
  EXPECT_SAYS(refusal(std::span(whole).first(whole.size() - kEnd - 40)), "is a damaged PNG");
}

TEST(OtherFormats, WebpIsRead) {
  const Bitmap picture = test::test_picture(33, 3, 2);
  EXPECT_EQ(decoded(test::webp_of(picture)).pixels, picture.pixels);
  const Bitmap lossy = decoded(test::webp_of(picture, false));
  EXPECT_EQ(lossy.width, 33);
  double difference = 0;
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) difference += std::abs(lossy.pixels[i] - picture.pixels[i]);
  EXPECT_LT(difference / static_cast<double>(picture.pixels.size()), 4);
  const Bytes whole = test::webp_of(picture);
  for (std::size_t length = 12; length < whole.size(); length += 31)
    EXPECT_SAYS(refusal(std::span(whole).first(length)), "is a damaged WebP");
}

TEST(OtherFormats, TheFirstPictureOfAGifIsRead) {
  constexpr int kSide = 20;
  std::vector<std::uint8_t> first, second(kSide * kSide, 1);
  for (int i = 0; i < kSide * kSide; ++i) first.push_back(static_cast<std::uint8_t>((i / kSide + i % kSide) % 4));
  const std::vector<std::vector<std::uint8_t>> colours = {{0, 0, 0}, {250, 10, 20}, {30, 240, 50}, {60, 70, 230}};
  for (const bool interlaced : {false, true}) {
    ImageRemarks remarks;
    const Bitmap image = decoded(test::gif_of(kSide, {first, second}, interlaced), &remarks);
    ASSERT_EQ(image.pixels.size(), first.size() * 3);
    for (std::size_t i = 0; i < first.size(); ++i)
      for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(image.pixels[3 * i + c], colours[first[i]][c]) << i;
    const test::LogCapture log;
    remarks.say();
    EXPECT_EQ(log.count("only the first picture is used"), 1);
  }
  const Bytes whole = test::gif_of(kSide, {first});
  for (std::size_t length = 6; length + 3 < whole.size(); length += 9)
    EXPECT_SAYS(refusal(std::span(whole).first(length)), "is a damaged GIF");
}

TEST(OtherFormats, BmpIsRead) {
  Bitmap colour = test::test_picture(21, 3, 2);  // a width that rows are filled up from
  for (auto& sample : colour.pixels) sample = static_cast<std::uint8_t>((sample & 0xF8) | sample >> 5);
  const Bitmap grey = test::test_picture(21, 1, 4);
  for (const bool top_down : {false, true}) {
    for (const int bits : {16, 24, 32}) {
      const Bitmap image = decoded(test::bmp_of(colour, bits, top_down));
      ASSERT_EQ(image.pixels.size(), colour.pixels.size());
      for (std::size_t i = 0; i < colour.pixels.size(); ++i)
        ASSERT_NEAR(image.pixels[i], colour.pixels[i], bits == 16 ? 1 : 0) << bits;
    }
    const Bitmap eight = decoded(test::bmp_of(grey, 8, top_down));
    for (std::size_t i = 0; i < grey.pixels.size(); ++i) ASSERT_EQ(eight.pixels[3 * i], grey.pixels[i]);
  }
  Bytes whole = test::bmp_of(colour, 24);
  for (std::size_t length = 20; length + 2 < whole.size(); length += 17)
    EXPECT_SAYS(refusal(std::span(whole).first(length)), "x.jpg is a");
  whole[30] = std::byte{1};  // run lengths
  EXPECT_SAYS(refusal(whole), "is a BMP image with run-length compression, which cannot be read here; save it as PNG");
}

TEST(OtherFormats, TiffIsRead) {
  const Bitmap colour = test::test_picture(25, 3, 2), grey = test::test_picture(25, 1, 2);
  EXPECT_EQ(decoded(test::tiff_of(colour)).pixels, colour.pixels);
  const Bitmap read = decoded(test::tiff_of(grey));
  for (std::size_t i = 0; i < grey.pixels.size(); ++i) ASSERT_EQ(read.pixels[3 * i], grey.pixels[i]);
  const Bytes whole = test::tiff_of(colour);
  for (std::size_t length = 8; length < whole.size(); length += 53) EXPECT_NE(refusal(std::span(whole).first(length)), "accepted");
}

// The sanitizers watch what each decoder does with damage; no outcome but an error or a whole image.
TEST(OtherFormats, FlippedBytesNeverBreakADecoder) {
  const Bitmap colour = test::test_picture(24, 3, 2);
  std::vector<std::uint8_t> frame(24 * 24, 2);
  for (const Bytes& whole : {test::webp_of(colour), test::webp_of(colour, false), test::gif_of(24, {frame}),
                             test::bmp_of(colour, 24), test::tiff_of(colour)})
    for (std::size_t at = 0; at < whole.size(); at += 1 + at / 64)
      for (const int flip : {0x01, 0x80, 0xFF}) {
        Bytes broken = whole;
        broken[at] ^= static_cast<std::byte>(flip);
        if (const auto image = decode_image(broken, "flipped")) {
          ASSERT_EQ(image->pixels.size(), static_cast<std::size_t>(image->width) *
                                              static_cast<std::size_t>(image->height) *
                                              static_cast<std::size_t>(image->channels));
        }
      }
}

TEST(ForeignFiles, AreNamedByTheirContentWithACure) {
  const auto padded = [](std::size_t at, std::string_view text) {
    Bytes bytes(at, std::byte{1});
    const Bytes tail = test::bytes_of(text);
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    bytes.resize(bytes.size() + 200, std::byte{1});
    return bytes;
  };
  EXPECT_EQ(refusal({}), "x.jpg is empty; copy or download it again.");
  EXPECT_SAYS(refusal(padded(4, "ftypheic")), "is an HEIC image, as phones take them; save it as JPEG or PNG");
  EXPECT_SAYS(refusal(padded(4, "ftypavif")), "is an AVIF image; save it as JPEG or PNG");
  EXPECT_SAYS(refusal(padded(4, "ftypisom")), "is a video; save single pictures");
  EXPECT_SAYS(refusal(padded(128, "DICM")), "is a DICOM file, as scanners write them; export its slices as PNG");
  EXPECT_SAYS(refusal(test::bytes_of("%PDF-1.7\n")), "is a PDF document; save its pictures");
  EXPECT_SAYS(refusal(test::bytes_of("  <!DOCTYPE html>\n<html>")), "is a web page, saved in place of the image");
  EXPECT_SAYS(refusal(test::bytes_of("<?xml version=\"1.0\"?>\n<svg width=\"1\">")), "is an SVG drawing");
  EXPECT_SAYS(refusal(test::bytes_of("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")),
              "is a Git LFS pointer, which stands for the image; fetch the images with \"git lfs pull\"");
  EXPECT_SAYS(refusal(test::bytes_of("404: Not Found")), "is a text file; replace it");
  EXPECT_SAYS(refusal(test::bytes_of("BMW and other cars, in a text")), "is a text file; replace it");
  EXPECT_SAYS(refusal(Bytes(300)), "holds nothing but zeros");
  EXPECT_SAYS(refusal(padded(0, "PK\3\4")), "is a ZIP archive");
  EXPECT_SAYS(refusal(padded(0, std::string_view("\0\0\0\x0CjP  ", 8))), "is a JPEG 2000 image");
  EXPECT_SAYS(refusal(padded(0, std::string_view("\0\5\x16\7", 4))), "is a leftover that macOS writes");
  EXPECT_SAYS(refusal(padded(0, "\x8B\x02")), "is not an image of a known format; save it as JPEG or PNG");
}

TEST(Bounds, FewBytesOfManyPixelsAreRefusedAtOnce) {
  const Bitmap black{6000, 6000, 1, std::vector<std::uint8_t>(std::size_t{6000} * 6000)};
  const Bytes png = test::png_of(black);
  const Bytes jpeg = test::with_jpeg_size(test::jpeg_of(test::test_picture(16, 1, 0)), 7000, 7000);
  EXPECT_SAYS(refusal(png), "claims to have 6000 x 6000 pixels in only");
  EXPECT_SAYS(refusal(jpeg), "claims to have 7000 x 7000 pixels in only");
}

// A text of 8 MB weighs 8 KB, and a file may hold a thousand.
TEST(Bounds, TextsOfAPngAreNotUnpacked) {
  Bytes packed(20'000);
  const Bytes text(7'900'000, std::byte{'a'});
  uLongf size = packed.size();
  ASSERT_EQ(::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                        text.size(), 9),
            Z_OK);
  Bytes block = test::bytes_of(std::string_view("k\0\0", 3));
  block.insert(block.end(), packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
  Bytes png = test::png_of(six_greys());
  for (int i = 0; i < 40; ++i) png = test::with_png_chunk(std::move(png), "zTXt", block);
  const auto peak = [] {  // in KiB
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = peak();
  EXPECT_EQ(decoded(png).pixels, six_greys().pixels);
  EXPECT_LT(peak() - before, 100'000);
}

// Each pass of a progressive file goes over every pixel, whether or not it brings anything.
TEST(Bounds, PassesTimesPixelsAreBounded) {
  Bytes jpeg = test::jpeg_with(test::test_picture(16, 1, 0), [](auto& info) { jpeg_simple_progression(&info); });
  const auto find_last = [&](std::uint8_t marker) {
    const Bytes wanted = {std::byte{0xFF}, std::byte{marker}};
    return std::find_end(jpeg.begin(), jpeg.end(), wanted.begin(), wanted.end());
  };
  const Bytes last_pass(find_last(0xDA), find_last(0xD9));
  for (int i = 0; i < 90; ++i) jpeg.insert(find_last(0xD9), last_pass.begin(), last_pass.end());
  for (int i = 0; i < 7; ++i) jpeg = test::with_app1(jpeg, Bytes(60'000));  // of a size that goes with the claim
  const auto frame = find_last(0xC2);
  ASSERT_NE(frame, jpeg.end());
  for (const int at : {5, 7})
    for (const int low : {0, 1}) *(frame + at + low) = static_cast<std::byte>(low == 0 ? 7000 >> 8 : 7000 & 0xFF);
  EXPECT_SAYS(refusal(jpeg), "too many passes over so many pixels");
}

}  // namespace
}  // namespace fl
