#pragma once
// What is worth a word about images that are used all the same. Collected, and said once with how many there
// are: one line an image would hide what it says.

#include <array>
#include <string>
#include <string_view>

#include "trainer/data/images/image.h"

namespace fl {

enum class ImageRemark {
  kMended,     // damaged around its pixels, all of which are there
  kAnimated,   // only its first picture is used
  kOneColour,  // nothing can be seen in it
  kFewLevels,  // hardly anything can
};

class ImageRemarks {
 public:
  void add(ImageRemark remark, std::string_view name);
  // Adds what the pixels themselves give cause for. Precondition: it has pixels.
  void look_at(const Bitmap& image, std::string_view name);
  // How many were added.
  [[nodiscard]] int total() const;
  // One warning a kind, with the number of images and the name of the first.
  void say() const;

 private:
  struct Count {
    int images = 0;
    std::string first;
  };
  std::array<Count, 4> counts_;
};

}  // namespace fl
