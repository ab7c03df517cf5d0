#include "trainer/png/png_file.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <new>

#include <png.h>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr png_alloc_size_t kMaxChunkBytes = 8u << 20;  // metadata beyond this is not worth its memory
constexpr int kFastCompression = 1;

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto& errors = *static_cast<PngErrors*>(png_get_error_ptr(png));
  std::snprintf(errors.message, sizeof errors.message, "%s", message);
  std::longjmp(errors.jump, 1);
}

// libpng warns about metadata that is never used here; damaged pixels are errors.
void on_warning(png_structp, png_const_charp) {}

class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png_, &info_); }

  bool write(std::uint32_t width, std::uint32_t height, int channels, const std::uint8_t* pixels,
             PngStyle style) {
    if (setjmp(errors_.jump) != 0) return false;
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors_, on_error, on_warning);
    if (png_ == nullptr) return false;
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return false;
    png_set_write_fn(png_, this, append_bytes, nullptr);
    const int type = channels == 1   ? PNG_COLOR_TYPE_GRAY
                     : channels == 3 ? PNG_COLOR_TYPE_RGB
                                     : PNG_COLOR_TYPE_RGB_ALPHA;
    png_set_IHDR(png_, info_, width, height, 8, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (style == PngStyle::kFast) {
      png_set_compression_level(png_, kFastCompression);
      // Choosing a filter per row costs more than it saves.
      png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    } else {
      png_set_sRGB(png_, info_, PNG_sRGB_INTENT_PERCEPTUAL);
    }
    png_write_info(png_, info_);
    const std::size_t stride = std::size_t{width} * static_cast<std::size_t>(channels);
    for (std::uint32_t y = 0; y < height; ++y) png_write_row(png_, pixels + y * stride);
    png_write_end(png_, info_);
    return true;
  }

  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }
  [[nodiscard]] const char* message() const { return errors_.message; }

 private:
  static void append_bytes(png_structp png, png_bytep data, std::size_t count) {
    auto& bytes = static_cast<Writer*>(png_get_io_ptr(png))->bytes_;
    bool full = false;
    try {  // an exception must not cross the library's frames
      const auto* first = reinterpret_cast<const std::byte*>(data);
      bytes.insert(bytes.end(), first, first + count);
    } catch (const std::bad_alloc&) {
      full = true;
    }
    if (full) png_error(png, "out of memory");
  }

  std::vector<std::byte> bytes_;
  PngErrors errors_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

PngReader::~PngReader() {
  png_destroy_read_struct(&png_, &info_, nullptr);
}

// Each member that calls the library sets its own jump target and holds only trivial objects.
bool PngReader::read_header() {
  if (setjmp(errors_.jump) != 0) return false;
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors_, on_error, on_warning);
  if (png_ == nullptr) return false;
  info_ = png_create_info_struct(png_);
  if (info_ == nullptr) return false;
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller's check says it better
  png_set_chunk_malloc_max(png_, kMaxChunkBytes);
  // Texts and profiles unpack to a thousand times their size, and nobody looks at them here.
  static constexpr png_byte kUnread[] = "tEXt\0zTXt\0iTXt\0iCCP\0sPLT";
  png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, kUnread, sizeof kUnread / 5);
  png_set_read_fn(png_, this, take_bytes);
  png_read_info(png_, info_);
  return true;
}

bool PngReader::convert_to(PngSamples samples) {
  if (setjmp(errors_.jump) != 0) return false;
  if (samples != PngSamples::kAsStored)
    png_set_scale_16(png_);
  else if (std::endian::native == std::endian::little)
    png_set_swap(png_);
  png_set_expand(png_);
  if (samples == PngSamples::kRgba) {
    png_set_gray_to_rgb(png_);
    png_set_add_alpha(png_, 0xFF, PNG_FILLER_AFTER);
  }
  passes_ = png_set_interlace_handling(png_);
  png_read_update_info(png_, info_);
  return true;
}

bool PngReader::read_pixels(std::uint8_t* pixels) {
  if (setjmp(errors_.jump) != 0) return whole_;  // an error behind the last pixel
  const std::size_t stride = row_bytes();
  const std::uint32_t rows = height();
  for (int pass = 0; pass < passes_; ++pass)
    for (std::uint32_t y = 0; y < rows; ++y) png_read_row(png_, pixels + y * stride, nullptr);
  whole_ = true;
  png_read_end(png_, info_);
  ended_ = true;
  return true;
}

std::uint32_t PngReader::width() const {
  return png_get_image_width(png_, info_);
}
std::uint32_t PngReader::height() const {
  return png_get_image_height(png_, info_);
}
int PngReader::channels() const {
  return png_get_channels(png_, info_);
}
int PngReader::bits() const {
  return png_get_bit_depth(png_, info_);
}
std::size_t PngReader::row_bytes() const {
  return png_get_rowbytes(png_, info_);
}

int PngReader::significant_bits() const {
  png_color_8p bits = nullptr;
  const int type = png_get_color_type(png_, info_);
  if (type == PNG_COLOR_TYPE_PALETTE || png_get_sBIT(png_, info_, &bits) == 0) return 0;
  return (type & PNG_COLOR_MASK_COLOR) == 0 ? bits->gray : std::max({bits->red, bits->green, bits->blue});
}

std::span<const std::byte> PngReader::exif() const {
  png_bytep bytes = nullptr;
  png_uint_32 size = 0;
  if (png_get_eXIf_1(png_, info_, &size, &bytes) == 0) return {};
  return std::as_bytes(std::span(bytes, size));
}

void PngReader::take_bytes(png_struct_def* png, unsigned char* out, std::size_t count) {
  auto& rest = static_cast<PngReader*>(png_get_io_ptr(png))->rest_;
  if (count > rest.size()) png_error(png, "the file ends too early");
  std::copy_n(reinterpret_cast<const png_byte*>(rest.data()), count, out);
  rest = rest.subspan(count);
}

Result<std::vector<std::byte>> write_png(std::uint32_t width, std::uint32_t height, int channels,
                                         std::span<const std::uint8_t> pixels, PngStyle style) {
  FL_CHECK(channels == 1 || channels == 3 || channels == 4);
  FL_CHECK(pixels.size() == std::size_t{width} * height * static_cast<std::size_t>(channels));
  Writer writer;
  if (!writer.write(width, height, channels, pixels.data(), style)) return error("{}", writer.message());
  return writer.take();
}

}  // namespace fl
