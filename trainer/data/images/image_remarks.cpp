#include "trainer/data/images/image_remarks.h"

#include <algorithm>

#include "trainer/base/log.h"

namespace fl {
namespace {

// JPEG rounds a single colour by a level or so.
constexpr int kOneColourSpread = 3;
// A tenth of the range from black to white: 12 bits that were saved as 16 have a sixteenth.
constexpr int kFewLevelsSpread = 25;

// The widest range, from lowest to highest, of any channel.
int spread_of(const Bitmap& image) {
  std::array<std::uint8_t, 3> low, high;
  low.fill(255);
  high.fill(0);
  const auto channels = static_cast<std::size_t>(image.channels);
  for (std::size_t i = 0; i < image.pixels.size(); i += channels)
    for (std::size_t c = 0; c < channels; ++c) {
      low[c] = std::min(low[c], image.pixels[i + c]);
      high[c] = std::max(high[c], image.pixels[i + c]);
    }
  int spread = 0;
  for (std::size_t c = 0; c < channels; ++c) spread = std::max(spread, high[c] - low[c]);
  return spread;
}

// "Image A/0.png" or "3 images, the first of them A/0.png,"
std::string who(int images, const std::string& first) {
  return images == 1 ? fmt::format("The image {}", first)
                     : fmt::format("{} images (the first is {})", images, first);
}

std::string sentence(ImageRemark remark, int images, const std::string& first) {
  const bool one = images == 1;
  switch (remark) {
    case ImageRemark::kMended:
      return fmt::format("{} {} damaged, but every pixel is there, so {} used; save {} again to repair {}.",
                         who(images, first), one ? "is" : "are", one ? "it is" : "they are",
                         one ? "it" : "them", one ? "it" : "them");
    case ImageRemark::kAnimated:
      return fmt::format("{} {}; only the first picture is used.", who(images, first),
                         one ? "holds several pictures" : "hold several pictures each");
    case ImageRemark::kOneColour:
      return fmt::format(
          "{} {} a single colour throughout, so there is nothing to see. Transparent areas become black, as "
          "in Teachable Machine: save dark drawings on a white background.",
          who(images, first), one ? "has" : "have");
    case ImageRemark::kFewLevels:
      return fmt::format(
          "{} {} less than a tenth of the range from black to white, so there is little to see; stretch the "
          "contrast to the full range and save {} again.",
          who(images, first), one ? "uses" : "use", one ? "it" : "them");
  }
  return {};
}

}  // namespace

void ImageRemarks::add(ImageRemark remark, std::string_view name) {
  Count& count = counts_[static_cast<std::size_t>(remark)];
  if (count.images++ == 0) count.first = name;
}

void ImageRemarks::look_at(const Bitmap& image, std::string_view name) {
  const int spread = spread_of(image);
  if (spread <= kOneColourSpread)
    add(ImageRemark::kOneColour, name);
  else if (spread <= kFewLevelsSpread)
    add(ImageRemark::kFewLevels, name);
}

int ImageRemarks::total() const {
  int sum = 0;
  for (const Count& count : counts_) sum += count.images;
  return sum;
}

void ImageRemarks::say() const {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i].images > 0)
      log_warning("{}", sentence(static_cast<ImageRemark>(i), counts_[i].images, counts_[i].first));
}

}  // namespace fl
