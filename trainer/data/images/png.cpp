#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>

#include <png.h>

#include "trainer/base/check.h"
#include "trainer/data/images/codecs.h"
#include "trainer/data/images/exif.h"

namespace fl {
namespace {

constexpr png_alloc_size_t kMaxChunkBytes = 8u << 20;  // metadata beyond this is not worth its memory
constexpr int kFastCompression = 1;

struct ErrorState {
  std::jmp_buf jump{};
  char message[128] = "out of memory";
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto& state = *static_cast<ErrorState*>(png_get_error_ptr(png));
  std::snprintf(state.message, sizeof state.message, "%s", message);
  std::longjmp(state.jump, 1);
}

// libpng warns about metadata that is never used here; damaged pixels are errors.
void on_warning(png_structp, png_const_charp) {}

// Each member that calls the library sets its own jump target and holds only trivial objects.
class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : rest_(bytes) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool read_header() {
    if (setjmp(errors_.jump) != 0) return false;
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors_, on_error, on_warning);
    if (png_ == nullptr) return false;
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return false;
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // check_image_size says it better
    png_set_chunk_malloc_max(png_, kMaxChunkBytes);
    // Texts and profiles unpack to a thousand times their size, and nobody looks at them here.
    static constexpr png_byte kUnread[] = "tEXt\0zTXt\0iTXt\0iCCP\0sPLT";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, kUnread, sizeof kUnread / 5);
    png_set_read_fn(png_, this, read_bytes);
    png_read_info(png_, info_);
    return true;
  }

  // Asks for grey or RGB, with alpha where there is transparency, of 8 bits; of 16 only where the file has them and
  // `deep` wants them, in the machine's own byte order.
  bool set_conversions(bool deep) {
    if (setjmp(errors_.jump) != 0) return false;
    if (!deep)
      png_set_scale_16(png_);
    else if (std::endian::native == std::endian::little)
      png_set_swap(png_);
    png_set_expand(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  // Precondition: set_conversions() was true and `pixels` holds row_bytes() * height() bytes.
  bool read_pixels(std::uint8_t* pixels) {
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

  [[nodiscard]] std::uint32_t width() const { return png_get_image_width(png_, info_); }
  [[nodiscard]] std::uint32_t height() const { return png_get_image_height(png_, info_); }
  [[nodiscard]] int channels() const { return png_get_channels(png_, info_); }
  [[nodiscard]] int bits() const { return png_get_bit_depth(png_, info_); }
  [[nodiscard]] std::size_t row_bytes() const { return png_get_rowbytes(png_, info_); }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const char* message() const { return errors_.message; }

  // How many bits of a sample mean something (sBIT); 0 where the file does not say or a palette is meant.
  [[nodiscard]] int significant_bits() const {
    png_color_8p bits = nullptr;
    const int type = png_get_color_type(png_, info_);
    if (type == PNG_COLOR_TYPE_PALETTE || png_get_sBIT(png_, info_, &bits) == 0) return 0;
    return (type & PNG_COLOR_MASK_COLOR) == 0 ? bits->gray : std::max({bits->red, bits->green, bits->blue});
  }

  [[nodiscard]] int orientation() const {
    png_bytep exif = nullptr;
    png_uint_32 size = 0;
    if (png_get_eXIf_1(png_, info_, &size, &exif) == 0) return 1;
    return exif_orientation(std::as_bytes(std::span(exif, size)));
  }

 private:
  static void read_bytes(png_structp png, png_bytep out, std::size_t count) {
    auto& self = *static_cast<Decoder*>(png_get_io_ptr(png));
    if (count > self.rest_.size()) png_error(png, "the file ends too early");
    std::copy_n(reinterpret_cast<const png_byte*>(self.rest_.data()), count, out);
    self.rest_ = self.rest_.subspan(count);
  }

  std::span<const std::byte> rest_;
  ErrorState errors_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
  bool whole_ = false, ended_ = false;  // every row has been read; so has the end of the file
};

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

class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() { png_destroy_write_struct(&png_, &info_); }

  bool write(std::uint32_t width, std::uint32_t height, int channels, const std::uint8_t* pixels) {
    if (setjmp(errors_.jump) != 0) return false;
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors_, on_error, on_warning);
    if (png_ == nullptr) return false;
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) return false;
    png_set_write_fn(png_, this, append_bytes, nullptr);
    png_set_compression_level(png_, kFastCompression);
    png_set_filter(png_, PNG_FILTER_TYPE_BASE,
                   PNG_FILTER_SUB);  // choosing a filter per row costs more than it saves
    const int type = channels == 1   ? PNG_COLOR_TYPE_GRAY
                     : channels == 3 ? PNG_COLOR_TYPE_RGB
                                     : PNG_COLOR_TYPE_RGB_ALPHA;
    png_set_IHDR(png_, info_, width, height, 8, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
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
    auto& bytes = static_cast<Encoder*>(png_get_io_ptr(png))->bytes_;
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
  ErrorState errors_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Result<StoredImage> decode_png(std::span<const std::byte> bytes, std::string_view name) {
  Decoder decoder(bytes);
  if (!decoder.read_header()) return damaged_image(name, "PNG", decoder.message());
  if (const auto fits = check_image_size(decoder.width(), decoder.height(), bytes.size(), name); !fits)
    return fits.error();
  const int significant = decoder.significant_bits();
  const bool deep = significant > 0 && significant < decoder.bits() && decoder.bits() == 16;
  const bool narrow = significant > 0 && significant < decoder.bits() && decoder.bits() == 8;
  if (!decoder.set_conversions(deep)) return damaged_image(name, "PNG", decoder.message());
  StoredImage stored;
  Bitmap& image = stored.image;
  image.width = static_cast<int>(decoder.width());
  image.height = static_cast<int>(decoder.height());
  image.pixels.resize(decoder.row_bytes() * decoder.height());
  if (!decoder.read_pixels(image.pixels.data())) return damaged_image(name, "PNG", decoder.message());
  stored.mended = !decoder.ended();
  stored.orientation = decoder.orientation();
  const auto samples = static_cast<std::size_t>(decoder.channels());
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
  FL_CHECK(channels == 1 || channels == 3 || channels == 4);
  FL_CHECK(width >= 0 && height >= 0);
  const auto w = static_cast<std::uint32_t>(width), h = static_cast<std::uint32_t>(height);
  FL_CHECK(pixels.size() == std::size_t{w} * h * static_cast<std::size_t>(channels));
  if (const auto fits = check_image_size(w, h, pixels.size(), "The picture to write"); !fits) return fits.error();
  Encoder encoder;
  if (!encoder.write(w, h, channels, pixels.data()))
    return error("Cannot encode a PNG of {} x {} pixels: {}.", width, height, encoder.message());
  return encoder.take();
}

}  // namespace fl
