#include "tests/unit/data/data_codecs.h"

#include <algorithm>
#include <cstring>

#include <gif_lib.h>
#include <tiffio.h>
#include <webp/encode.h>

#include "trainer/base/check.h"

namespace fl::test {

Bytes exif_of(int orientation, bool little) {
  Bytes exif = bytes_of(little ? "II" : "MM");
  append(exif, 42, 2, little);
  append(exif, 8, 4, little);
  append(exif, 2, 2, little);  // entries: width, orientation
  for (const auto& [tag, value] : {std::pair{0x0100, 640}, std::pair{0x0112, orientation}}) {
    append(exif, static_cast<std::uint64_t>(tag), 2, little);
    append(exif, 3, 2, little);
    append(exif, 1, 4, little);
    append(exif, static_cast<std::uint64_t>(value), 2, little);
    append(exif, 0, 2, little);
  }
  append(exif, 0, 4, little);
  return exif;
}

Bytes cmyk_jpeg(int side, const std::vector<std::uint8_t>& inks, J_COLOR_SPACE stored, bool adobe_marker) {
  return jpeg_with({side, side, 4, inks}, [&](jpeg_compress_struct& info) {
    jpeg_set_colorspace(&info, stored);
    jpeg_set_quality(&info, 100, TRUE);
    info.write_Adobe_marker = adobe_marker ? TRUE : FALSE;
  });
}

Bytes with_app1(Bytes jpeg, std::span<const std::byte> block) {
  Bytes segment = bytes_of(std::string_view("\xFF\xE1"));
  append(segment, block.size() + 2, 2, false);
  segment.insert(segment.end(), block.begin(), block.end());
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  return jpeg;
}

Bytes with_png_chunk(Bytes png, std::string_view type, std::span<const std::byte> data) {
  constexpr std::ptrdiff_t kHeaderEnd = 33;
  Bytes chunk;
  append(chunk, data.size(), 4, false);
  const Bytes name = bytes_of(type);
  chunk.insert(chunk.end(), name.begin(), name.end());
  chunk.insert(chunk.end(), data.begin(), data.end());
  append(chunk, png_checksum(std::span(chunk).subspan(4)), 4, false);
  png.insert(png.begin() + kHeaderEnd, chunk.begin(), chunk.end());
  return png;
}

Bytes webp_of(const Bitmap& image, bool lossless) {
  FL_CHECK(image.channels == 3);
  std::uint8_t* out = nullptr;
  const std::size_t size =
      lossless ? WebPEncodeLosslessRGB(image.pixels.data(), image.width, image.height, 3 * image.width, &out)
               : WebPEncodeRGB(image.pixels.data(), image.width, image.height, 3 * image.width, 90, &out);
  FL_CHECK(size > 0);
  const auto* first = reinterpret_cast<const std::byte*>(out);
  Bytes bytes(first, first + size);
  WebPFree(out);
  return bytes;
}

Bytes gif_of(int side, const std::vector<std::vector<std::uint8_t>>& frames, bool interlaced) {
  Bytes bytes;
  int code = 0;
  GifFileType* gif = EGifOpen(
      &bytes,
      [](GifFileType* file, const GifByteType* data, int count) {
        const auto* first = reinterpret_cast<const std::byte*>(data);
        auto* to = static_cast<Bytes*>(file->UserData);
        to->insert(to->end(), first, first + count);
        return count;
      },
      &code);
  FL_CHECK(gif != nullptr);
  const GifColorType colours[4] = {{9, 9, 9}, {250, 10, 20}, {30, 240, 50}, {60, 70, 230}};
  ColorMapObject* map = GifMakeMapObject(4, colours);
  EGifSetGifVersion(gif, true);
  FL_CHECK(EGifPutScreenDesc(gif, side, side, 2, 0, map) == GIF_OK);
  GifFreeMapObject(map);
  for (const std::vector<std::uint8_t>& frame : frames) {
    const GraphicsControlBlock control{DISPOSAL_UNSPECIFIED, false, 10, 0};
    GifByteType block[4];
    EGifGCBToExtension(&control, block);
    FL_CHECK(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block) == GIF_OK);
    FL_CHECK(EGifPutImageDesc(gif, 0, 0, side, side, interlaced, nullptr) == GIF_OK);
    std::vector<int> rows;
    if (!interlaced)
      for (int y = 0; y < side; ++y) rows.push_back(y);
    else
      for (const auto& [first, step] : {std::pair{0, 8}, {4, 8}, {2, 4}, {1, 2}})
        for (int y = first; y < side; y += step) rows.push_back(y);
    for (const int y : rows) {
      std::vector<std::uint8_t> row(frame.begin() + y * side, frame.begin() + (y + 1) * side);
      FL_CHECK(EGifPutLine(gif, row.data(), side) == GIF_OK);
    }
  }
  EGifCloseFile(gif, &code);
  return bytes;
}

Bytes bmp_of(const Bitmap& image, int bits, bool top_down) {
  FL_CHECK(image.channels == (bits == 8 ? 1 : 3));
  const auto width = static_cast<std::size_t>(image.width), height = static_cast<std::size_t>(image.height);
  const std::size_t stride = (width * static_cast<std::size_t>(bits) + 31) / 32 * 4, palette = bits == 8 ? 1024 : 0;
  Bytes bytes = bytes_of("BM");
  append(bytes, 54 + palette + stride * height, 4);
  append(bytes, 0, 4);
  append(bytes, 54 + palette, 4);
  append(bytes, 40, 4);
  append(bytes, width, 4);
  append(bytes, top_down ? std::uint64_t{0} - height : height, 4);
  append(bytes, 1, 2);
  append(bytes, static_cast<std::uint64_t>(bits), 2);
  for (int i = 0; i < 6; ++i) append(bytes, 0, 4);
  for (std::size_t i = 0; i < palette / 4; ++i) append(bytes, i * 0x010101, 4);
  for (std::size_t line = 0; line < height; ++line) {
    const std::size_t y = top_down ? line : height - 1 - line, start = bytes.size();
    for (std::size_t x = 0; x < width; ++x) {
      const std::uint8_t* pixel = image.pixels.data() + (y * width + x) * static_cast<std::size_t>(image.channels);
      if (bits == 8) append(bytes, pixel[0], 1);
      if (bits == 16)
        append(bytes, static_cast<std::uint64_t>((pixel[0] >> 3) << 10 | (pixel[1] >> 3) << 5 | pixel[2] >> 3), 2);
      if (bits >= 24) append(bytes, static_cast<std::uint64_t>(pixel[0] << 16 | pixel[1] << 8 | pixel[2]),
                             static_cast<std::size_t>(bits) / 8);
    }
    bytes.resize(start + stride);
  }
  return bytes;
}

Bytes tiff_of(const Bitmap& image, int orientation) {
  const TempFolder folder;
  const std::string path = (folder / "x.tif").string();
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  FL_CHECK(tiff != nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.channels);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.channels == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 7);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
  const auto stride = static_cast<std::size_t>(image.width * image.channels);
  for (int y = 0; y < image.height; ++y) {
    std::vector<std::uint8_t> row(stride);
    std::copy_n(image.pixels.data() + static_cast<std::size_t>(y) * stride, stride, row.data());
    FL_CHECK(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) == 1);
  }
  TIFFClose(tiff);
  return slurp(path);
}

}  // namespace fl::test
