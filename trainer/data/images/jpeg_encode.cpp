#include <cstdlib>

#include "trainer/base/check.h"
#include "trainer/data/images/codecs.h"
#include "trainer/data/images/jpeg_errors.h"

namespace fl {
namespace {

// As the decoder: the member that calls the library holds only trivial objects.
class Encoder {
 public:
  Encoder() { info_.err = begin_jpeg_errors(errors_); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&info_);
    std::free(memory_);
  }

  bool write(const Bitmap& image, int quality) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &memory_, &size_);
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = image.channels;
    info_.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.dct_method = JDCT_ISLOW;  // the exact one: the same bytes whatever the machine
    info_.comp_info[0].h_samp_factor = info_.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&info_, TRUE);
    const std::size_t stride =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    while (info_.next_scanline < info_.image_height) {
      // The library's type for rows is not const; it only reads them.
      JSAMPROW row = const_cast<JSAMPROW>(image.pixels.data() + info_.next_scanline * stride);
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return {reinterpret_cast<const std::byte*>(memory_), size_};
  }
  [[nodiscard]] const char* message() const { return errors_.message; }

 private:
  JpegErrors errors_;
  jpeg_compress_struct info_{};
  unsigned char* memory_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

Result<std::vector<std::byte>> encode_jpeg(const Bitmap& image, int quality) {
  FL_CHECK(image.channels == 1 || image.channels == 3);
  FL_CHECK(image.width >= 0 && image.height >= 0 && quality >= 1 && quality <= 100);
  const auto w = static_cast<std::uint32_t>(image.width), h = static_cast<std::uint32_t>(image.height);
  FL_CHECK(image.pixels.size() == std::size_t{w} * h * static_cast<std::size_t>(image.channels));
  FL_TRY(check_image_size(w, h, image.pixels.size(), "The picture to write"));
  Encoder encoder;
  if (!encoder.write(image, quality))
    return error("Cannot encode a JPEG of {} x {} pixels: {}.", image.width, image.height, encoder.message());
  const auto bytes = encoder.bytes();
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace fl
