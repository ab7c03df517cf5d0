#include "trainer/base/picture_mark.h"

#include <span>

#include "trainer/base/check.h"

namespace fl {

void mark_picture(std::vector<std::byte>& png) {
  FL_CHECK(png.size() > kPictureMarkAt);
  const auto mark = std::as_bytes(std::span(kPictureMark));
  png.insert(png.begin() + kPictureMarkAt, mark.begin(), mark.end());
}

}  // namespace fl
