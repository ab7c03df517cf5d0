#include <algorithm>
#include <array>
#include <cstring>

#include "trainer/data/images/codecs.h"
#include "trainer/data/images/exif.h"
#include "trainer/data/images/jpeg_errors.h"

// After jpeglib.h: the codes that it lists depend on what that says of the library.
#include <jerror.h>

namespace fl {
namespace {

// A progressive file of a few kilobytes can ask for thousands of passes over every pixel; real ones need
// about ten.
constexpr int kMaxScans = 100;
constexpr std::uint64_t kMaxScannedPixels = 800'000'000;  // pixels times passes
constexpr unsigned kMaxMarkerBytes = 0xFFFF;
constexpr int kExifMarker = JPEG_APP0 + 1;

// What the library warns of where it invents pixels, or may.
constexpr std::array kLosingPixels = {JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE,
                                      JWRN_BOGUS_PROGRESSION};
// Sloppy headers, which every reader puts up with.
constexpr std::array kHarmless = {JWRN_NOT_SEQUENTIAL, JWRN_ADOBE_XFORM, JWRN_JFIF_MAJOR};

struct DecoderErrors : JpegErrors {
  bool damaged = false;    // pixels are missing or invented
  bool sloppy = false;     // stray bytes, wrong markers
  bool early_end = false;  // the file ends without saying so
};

// The library fills what is missing with grey and only warns; a network would learn the grey. Stray bytes
// between whole pixels cost nothing, and browsers show such files, too.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  const int code = info->err->msg_code;
  if (std::ranges::find(kHarmless, code) != kHarmless.end()) return;
  auto& state = static_cast<DecoderErrors&>(jpeg_errors(info));
  const bool damaged = std::ranges::find(kLosingPixels, code) != kLosingPixels.end();
  if (!state.damaged && (damaged || !state.sloppy)) info->err->format_message(info, state.message);
  state.damaged |= damaged;
  state.sloppy = true;
  state.early_end |= code == JWRN_JPEG_EOF;
}

[[noreturn]] void give_up(j_common_ptr info, const char* why) {
  std::snprintf(jpeg_errors(info).message, JMSG_LENGTH_MAX, "%s", why);
  std::longjmp(jpeg_errors(info).jump, 1);
}

void on_progress(j_common_ptr info) {
  const auto& decoder = *reinterpret_cast<j_decompress_ptr>(info);
  const auto scans = static_cast<std::uint64_t>(std::max(decoder.input_scan_number, 0));
  if (scans > kMaxScans) give_up(info, "more than 100 passes");
  if (scans > 1 && scans * decoder.image_width * decoder.image_height > kMaxScannedPixels)
    give_up(info, "too many passes over so many pixels");
}

// Each member that calls the library sets its own jump target and holds only trivial objects.
class Decoder {
 public:
  Decoder() {
    info_.err = begin_jpeg_errors(errors_);
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
    jpeg_save_markers(&info_, kExifMarker, kMaxMarkerBytes);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  // Precondition: read_header() was true and `pixels` holds width() * height() * samples() bytes.
  bool read_pixels(std::uint8_t* pixels) {
    if (setjmp(errors_.jump) != 0) {
      errors_.sloppy = true;
      return whole_;  // an error behind the last pixel
    }
    info_.out_color_space = samples() == 1 ? JCS_GRAYSCALE : samples() == 4 ? JCS_CMYK : JCS_RGB;
    info_.dct_method = JDCT_ISLOW;  // the exact one: the same pixels whatever the machine
    jpeg_start_decompress(&info_);
    const std::size_t stride =
        std::size_t{info_.output_width} * static_cast<std::size_t>(info_.output_components);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + info_.output_scanline * stride;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    whole_ = !misses_passes();
    jpeg_finish_decompress(&info_);
    return whole_;
  }

  [[nodiscard]] std::uint32_t width() const { return info_.image_width; }
  [[nodiscard]] std::uint32_t height() const { return info_.image_height; }
  // What a decoded pixel consists of: grey, or red, green, blue, or the four printing colours.
  [[nodiscard]] int samples() const {
    const J_COLOR_SPACE space = info_.jpeg_color_space;
    return space == JCS_GRAYSCALE ? 1 : space == JCS_CMYK || space == JCS_YCCK ? 4 : 3;
  }
  [[nodiscard]] bool convertible() const {
    const J_COLOR_SPACE space = info_.jpeg_color_space;
    return samples() != 3 || space == JCS_RGB || space == JCS_YCbCr;
  }
  [[nodiscard]] int orientation() const {
    for (const jpeg_marker_struct* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
      const auto data = std::as_bytes(std::span(marker->data, marker->data_length));
      static constexpr std::string_view kExif("Exif", 5);  // with the zero behind it
      if (marker->marker == kExifMarker && data.size() > kExif.size() &&
          std::memcmp(data.data(), kExif.data(), kExif.size()) == 0)
        return exif_orientation(data);
    }
    return 1;
  }
  [[nodiscard]] bool damaged() const { return errors_.damaged; }
  [[nodiscard]] bool sloppy() const { return errors_.sloppy; }
  [[nodiscard]] const char* message() const { return errors_.message; }

 private:
  // Where the file ends early, what the passes so far have not brought is missing.
  bool misses_passes() {
    if (!errors_.early_end || !jpeg_has_multiple_scans(&info_)) return false;
    if (info_.coef_bits == nullptr) return true;  // whole components may be missing; nobody counts them
    for (int c = 0; c < info_.num_components; ++c)
      for (int k = 0; k < DCTSIZE2; ++k)
        if (info_.coef_bits[c][k] != 0) return true;
    return false;
  }

  DecoderErrors errors_;
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
  bool whole_ = false;  // every row has been read
};

// From the four printing colours, stored inverted as Photoshop began to and browsers expect of all: 255 is no
// ink.
std::vector<std::uint8_t> from_inverted_cmyk(std::span<const std::uint8_t> inks) {
  std::vector<std::uint8_t> colours;
  colours.reserve(inks.size() / 4 * 3);
  for (std::size_t i = 0; i < inks.size(); i += 4)
    for (std::size_t c = 0; c < 3; ++c)
      colours.push_back(static_cast<std::uint8_t>((inks[i + c] * inks[i + 3] + 127) / 255));
  return colours;
}

}  // namespace

Result<StoredImage> decode_jpeg(std::span<const std::byte> bytes, std::string_view name) {
  Decoder decoder;
  if (!decoder.read_header(bytes)) return damaged_image(name, "JPEG", decoder.message());
  if (!decoder.convertible())
    return error("{} is a JPEG image in an unknown colour space; save it in RGB or grey.", name);
  FL_TRY(check_image_size(decoder.width(), decoder.height(), bytes.size(), name));
  StoredImage stored;
  stored.orientation = decoder.orientation();
  Bitmap& image = stored.image;
  image.width = static_cast<int>(decoder.width());
  image.height = static_cast<int>(decoder.height());
  image.channels = decoder.samples() == 1 ? 1 : 3;
  image.pixels.resize(std::size_t{decoder.width()} * decoder.height() *
                      static_cast<std::size_t>(decoder.samples()));
  if (!decoder.read_pixels(image.pixels.data()) || decoder.damaged())
    return damaged_image(name, "JPEG", decoder.message());
  if (decoder.samples() == 4) image.pixels = from_inverted_cmyk(image.pixels);
  stored.mended = decoder.sloppy();
  return stored;
}

}  // namespace fl
