// One image file, whatever its format.
#include "tests/fuzz/harness.h"
#include "trainer/data/images/image.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  const auto image = fl::decode_image(fl::fuzz::bytes_of(data, size), "the input");
  if (!image) {
    require(!image.error().message.empty(), "an error says something");
    return 0;
  }
  require(image->width > 0 && image->height > 0, "an image has pixels");
  require(image->channels == 1 || image->channels == 3, "an image is grey or in colour");
  require(image->pixels.size() == static_cast<std::size_t>(image->width) *
                                      static_cast<std::size_t>(image->height) *
                                      static_cast<std::size_t>(image->channels),
          "an image has as many pixels as its size says");
  return 0;
}
