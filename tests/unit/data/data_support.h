#pragma once
// What the data tests share: a temporary folder, files built at run time, the log as a list of lines.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jpeglib.h>

#include "trainer/data/images/image.h"

// The message is a sentence that contains `text`.
#define EXPECT_SAYS(message, text) \
  EXPECT_NE((message).find(text), std::string::npos) << "message: " << (message)

namespace fl::test {

// A fresh folder, removed with everything in it.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Collects log lines instead of printing them.
class LogCapture {
 public:
  LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  ~LogCapture();
  // How many lines contain `text`.
  [[nodiscard]] int count(std::string_view text) const;

 private:
  std::vector<std::string> lines_;
};

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text);
// The lowest `size` bytes of a number.
void append(Bytes& bytes, std::uint64_t value, std::size_t size, bool little_endian = true);
Bytes slurp(const std::filesystem::path& path);
void spill(const std::filesystem::path& path, std::span<const std::byte> bytes);

// A smooth grey test picture whose pixels depend on `seed`.
Bitmap test_picture(int side, int channels, unsigned seed);
// A JPEG of `image` (4 channels: printing colours), whose `set` may change everything that the library lets one set
// before it starts.
Bytes jpeg_with(const Bitmap& image, const std::function<void(jpeg_compress_struct&)>& set);
Bytes jpeg_of(const Bitmap& image, int quality = 90);
Bytes png_of(const Bitmap& image);

struct Entry {
  std::string name;
  Bytes bytes;
  bool packed = false;  // deflated instead of stored
};
void write_zip(const std::filesystem::path& path, const std::vector<Entry>& entries);

inline constexpr std::string_view kImageManifest =
    R"({"type":"image","version":"2.4.4","appdata":{"publishResults":{"token":"secret-token"},)"
    R"("trainEpochs":15,"trainBatchSize":32,"trainLearningRate":0.002}})";

// `per_class` JPEGs of each class and the manifest.
std::vector<Entry> project_entries(const std::vector<std::string>& classes, int per_class);

// Overwrites the unpacked size that both headers of the entry `name` tell.
void lie_about_size(Bytes& zip, std::string_view name, std::uint32_t size);
// Of a chunk's name and data.
std::uint32_t png_checksum(std::span<const std::byte> chunk);
// Overwrites the sides that the image's header tells, checksum included.
Bytes with_jpeg_size(Bytes jpeg, std::uint16_t width, std::uint16_t height);
Bytes with_png_size(Bytes png, std::uint32_t width, std::uint32_t height);

// The folder of real test files, or an empty path where there is none.
std::filesystem::path real_data_folder();

}  // namespace fl::test
