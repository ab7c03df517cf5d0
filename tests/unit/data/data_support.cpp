#include "tests/unit/data/data_support.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include "trainer/base/check.h"
#include "trainer/base/log.h"

namespace fl::test {
namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string pattern = (fs::temp_directory_path() / "fallline-test-XXXXXX").string();
  FL_CHECK(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

LogCapture::LogCapture() {
  set_log_sink([this](LogLevel, std::string_view line) { lines_.emplace_back(line); });
}

LogCapture::~LogCapture() {
  set_log_sink({});
}

int LogCapture::count(std::string_view text) const {
  int found = 0;
  for (const std::string& line : lines_) found += line.find(text) != std::string::npos;
  return found;
}

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}

void append(Bytes& bytes, std::uint64_t value, std::size_t size, bool little_endian) {
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::byte>(value >> 8 * (little_endian ? i : size - 1 - i)));
}

Bytes slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  FL_CHECK_MSG(file.good(), "{}", path.string());
  return bytes_of(std::string(std::istreambuf_iterator<char>(file), {}));
}

void spill(const fs::path& path, std::span<const std::byte> bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  FL_CHECK_MSG(file.good(), "{}", path.string());
}

Bitmap test_picture(int side, int channels, unsigned seed) {
  Bitmap image{side, side, channels, {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (int c = 0; c < channels; ++c)
        image.pixels.push_back(static_cast<std::uint8_t>(128 + 60 * std::sin(x * 0.11 + seed + c) +
                                                         60 * std::cos(y * 0.07 * (1 + seed % 5))));
  return image;
}

Bytes jpeg_with(const Bitmap& image, const std::function<void(jpeg_compress_struct&)>& set) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = image.channels;
  info.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : image.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  set(info);
  jpeg_start_compress(&info, TRUE);
  std::vector<std::uint8_t> row;
  const auto stride = static_cast<std::size_t>(image.width * image.channels);
  while (info.next_scanline < info.image_height) {
    const auto* from = image.pixels.data() + info.next_scanline * stride;
    row.assign(from, from + stride);
    JSAMPROW rows = row.data();
    jpeg_write_scanlines(&info, &rows, 1);
  }
  jpeg_finish_compress(&info);
  const auto* first = reinterpret_cast<const std::byte*>(memory);
  Bytes bytes(first, first + size);
  jpeg_destroy_compress(&info);
  std::free(memory);
  return bytes;
}

Bytes jpeg_of(const Bitmap& image, int quality) {
  return jpeg_with(image, [quality](jpeg_compress_struct& info) { jpeg_set_quality(&info, quality, TRUE); });
}

Bytes png_of(const Bitmap& image) {
  auto png = encode_png(image.width, image.height, image.channels, image.pixels);
  FL_CHECK(png.ok());
  return std::move(*png);
}

void write_zip(const fs::path& path, const std::vector<Entry>& entries) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  FL_CHECK_MSG(archive != nullptr, "{}", code);
  for (const Entry& entry : entries) {
    zip_source_t* source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    FL_CHECK_MSG(index >= 0, "{}", entry.name);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                             entry.packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  FL_CHECK(zip_close(archive) == 0);
}

std::vector<Entry> project_entries(const std::vector<std::string>& classes, int per_class) {
  std::vector<Entry> entries;
  unsigned seed = 0;
  for (const std::string& name : classes)
    for (int i = 0; i < per_class; ++i)
      entries.push_back({name + "-!-" + std::to_string(i) + ".jpg", jpeg_of(test_picture(64, 3, seed++))});
  entries.push_back({"manifest.json", bytes_of(kImageManifest)});
  return entries;
}

void lie_about_size(Bytes& zip, std::string_view name, std::uint32_t size) {
  // How far before the name the local header and then the directory's keep the size
  // (APPNOTE.TXT 4.3.7, 4.3.12).
  constexpr std::ptrdiff_t kBefore[] = {8, 22};
  const Bytes wanted = bytes_of(name);
  auto at = zip.begin();
  for (const std::ptrdiff_t before : kBefore) {
    at = std::search(at, zip.end(), wanted.begin(), wanted.end());
    FL_CHECK_MSG(at != zip.end(), "{}", name);
    for (int i = 0; i < 4; ++i) *(at - before + i) = static_cast<std::byte>(size >> (8 * i));
    ++at;
  }
}

Bytes with_jpeg_size(Bytes jpeg, std::uint16_t width, std::uint16_t height) {
  const Bytes frame = {std::byte{0xFF}, std::byte{0xC0}};  // length, precision, height, width follow
  auto at = std::search(jpeg.begin(), jpeg.end(), frame.begin(), frame.end());
  FL_CHECK(at != jpeg.end());
  at += 5;
  for (const int value : {height >> 8, height & 0xFF, width >> 8, width & 0xFF})
    *at++ = static_cast<std::byte>(value);
  return jpeg;
}

std::uint32_t png_checksum(std::span<const std::byte> chunk) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size())));
}

Bytes with_png_size(Bytes png, std::uint32_t width, std::uint32_t height) {
  constexpr std::size_t kHeader = 12, kWidth = 16, kChecksum = 29;
  Bytes sides;
  append(sides, width, 4, false);
  append(sides, height, 4, false);
  std::ranges::copy(sides, png.begin() + kWidth);
  Bytes checksum;
  append(checksum, png_checksum(std::span(png).subspan(kHeader, kChecksum - kHeader)), 4, false);
  std::ranges::copy(checksum, png.begin() + kChecksum);
  return png;
}

fs::path real_data_folder() {
  const char* set = std::getenv("FALLLINE_TEST_DATA");
  const fs::path folder = set != nullptr ? fs::path(set) : fs::path(FALLLINE_SOURCE_DIR "/../shared/data");
  return fs::exists(folder / "exp_1.tm") ? folder : fs::path();
}

}  // namespace fl::test
