#include <csetjmp>
#include <cstdio>  // jpeglib.h uses FILE without including it

#include <jerror.h>
#include <jpeglib.h>

#include "trainer/data/codecs.h"

namespace fl {
namespace {

// A progressive file of a few kilobytes can ask for thousands of passes over every pixel; real ones need
// about ten.
constexpr int kMaxScans = 100;

struct ErrorState {
  jpeg_error_mgr base{};  // first, so that the library's pointer to it is ours too
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX] = "";
  bool damaged = false;
};

ErrorState& state_of(j_common_ptr info) {
  return *reinterpret_cast<ErrorState*>(info->err);
}

[[noreturn]] void on_error(j_common_ptr info) {
  ErrorState& state = state_of(info);
  info->err->format_message(info, state.message);
  std::longjmp(state.jump, 1);
}

// The library fills what is missing with grey and only warns; a network would learn the grey.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  const int code = info->err->msg_code;
  if (code == JWRN_NOT_SEQUENTIAL || code == JWRN_ADOBE_XFORM) return;  // sloppy headers, whole pixels
  ErrorState& state = state_of(info);
  if (!state.damaged) info->err->format_message(info, state.message);
  state.damaged = true;
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMaxScans) return;
  std::snprintf(state_of(info).message, JMSG_LENGTH_MAX, "more than %d passes", kMaxScans);
  std::longjmp(state_of(info).jump, 1);
}

// Each member that calls the library sets its own jump target and holds only trivial objects.
class Decoder {
 public:
  Decoder() {
    info_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = on_error;
    errors_.base.emit_message = on_message;
    progress_.progress_monitor = on_progress;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&info_); }

  bool read_header(std::span<const std::byte> bytes) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  // Precondition: read_header() was true and `pixels` holds width() * height() * channels() bytes.
  bool read_pixels(std::uint8_t* pixels) {
    if (setjmp(errors_.jump) != 0) return false;
    info_.out_color_space = channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    info_.dct_method = JDCT_ISLOW;  // the exact one: the same pixels whatever the machine
    jpeg_start_decompress(&info_);
    const std::size_t stride =
        std::size_t{info_.output_width} * static_cast<std::size_t>(info_.output_components);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + info_.output_scanline * stride;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  [[nodiscard]] std::uint32_t width() const { return info_.image_width; }
  [[nodiscard]] std::uint32_t height() const { return info_.image_height; }
  [[nodiscard]] int channels() const { return info_.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3; }
  [[nodiscard]] bool convertible() const {
    return info_.jpeg_color_space == JCS_GRAYSCALE || info_.jpeg_color_space == JCS_RGB ||
           info_.jpeg_color_space == JCS_YCbCr;
  }
  [[nodiscard]] bool damaged() const { return errors_.damaged; }
  [[nodiscard]] const char* message() const { return errors_.message; }

 private:
  ErrorState errors_;
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

Error damaged_error(std::string_view name, const Decoder& decoder) {
  return error("{} is a damaged JPEG ({}); replace it or leave it out.", name, decoder.message());
}

}  // namespace

Result<Bitmap> decode_jpeg(std::span<const std::byte> bytes, std::string_view name) {
  Decoder decoder;
  if (!decoder.read_header(bytes)) return damaged_error(name, decoder);
  if (!decoder.convertible())
    return error("{} is a JPEG in printing colours (CMYK); save it as RGB or grey.", name);
  if (const auto fits = check_image_size(decoder.width(), decoder.height(), name); !fits) return fits.error();
  Bitmap image;
  image.width = static_cast<int>(decoder.width());
  image.height = static_cast<int>(decoder.height());
  image.channels = decoder.channels();
  image.pixels.resize(std::size_t{decoder.width()} * decoder.height() *
                      static_cast<std::size_t>(image.channels));
  if (!decoder.read_pixels(image.pixels.data()) || decoder.damaged()) return damaged_error(name, decoder);
  return image;
}

}  // namespace fl
