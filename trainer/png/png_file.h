#pragma once
// PNG files in memory, read and written by libpng: the one place that calls it. libpng reports errors by
// longjmp, so no object with a destructor stands between the jump and its target. Nothing here prints.

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/base/result.h"

struct png_struct_def;
struct png_info_def;

namespace fl {

struct PngErrors {
  std::jmp_buf jump{};
  char message[128] = "out of memory";
};

enum class PngSamples {
  kEightBits,  // grey or RGB, with alpha where the file has transparency
  kAsStored,   // the same, but 16 bits where the file has them, in the machine's own byte order
  kRgba,       // 8 bits, and always four of them
};

// Call the steps in their order; each is false where the file is damaged, and message() says why.
class PngReader {
 public:
  // `bytes` must stay.
  explicit PngReader(std::span<const std::byte> bytes) : rest_(bytes) {}
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader();

  // Takes any size: check width() and height() before memory is taken for them.
  bool read_header();
  bool convert_to(PngSamples samples);
  // `pixels` has room for row_bytes() * height(). True also where the file is damaged behind its last pixel.
  bool read_pixels(std::uint8_t* pixels);

  [[nodiscard]] std::uint32_t width() const;
  [[nodiscard]] std::uint32_t height() const;
  [[nodiscard]] int channels() const;
  [[nodiscard]] int bits() const;  // of a sample
  [[nodiscard]] std::size_t row_bytes() const;
  [[nodiscard]] bool ended() const { return ended_; }  // what follows the pixels is whole, too
  [[nodiscard]] const char* message() const { return errors_.message; }
  // How many bits of a sample mean something (sBIT); 0 where the file does not say or a palette is meant.
  [[nodiscard]] int significant_bits() const;
  // Empty where there is none.
  [[nodiscard]] std::span<const std::byte> exif() const;

 private:
  static void take_bytes(png_struct_def* png, unsigned char* out, std::size_t count);

  std::span<const std::byte> rest_;
  PngErrors errors_;
  png_struct_def* png_ = nullptr;
  png_info_def* info_ = nullptr;
  int passes_ = 1;
  bool whole_ = false, ended_ = false;  // every row has been read; so has the end of the file
};

enum class PngStyle {
  kFast,   // written and read in the least time: for images to train on, of which there are many
  kSmall,  // smaller files, and said to be sRGB: for pictures to look at
};

// 8 bits a sample, `channels` 1 (grey), 3 (RGB) or 4 (RGB and opacity), rows from the top. The error is
// libpng's word. Precondition: pixels.size() == width * height * channels.
Result<std::vector<std::byte>> write_png(std::uint32_t width, std::uint32_t height, int channels,
                                         std::span<const std::uint8_t> pixels, PngStyle style);

}  // namespace fl
