#include "trainer/data/window.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

// JPEG leaves grey pixels a little coloured, and white ones a little grey.
constexpr int kGreyTolerance = 16, kClippedMargin = 3;

// Red where the range begins: pale, but not to be overlooked.
constexpr double kPalest = 0.3;

double grey_of(double hu, const HuWindow& window) {
  return std::clamp((hu - window.level + window.width / 2) / window.width * 255, 0.0, 255.0);
}

// As std::lround, for values from 0 to 255.
std::uint8_t rounded(double value) {
  const auto whole = static_cast<int>(value);
  return static_cast<std::uint8_t>(whole + (value - whole >= 0.5 ? 1 : 0));
}

void append_coloured(std::vector<std::uint8_t>& pixels, double grey, double hu, const HuRange& range) {
  const bool inside = hu >= range.low && hu <= range.high;
  const double strength =
      inside ? kPalest + (1 - kPalest) * (hu - range.low) / (range.high - range.low) : 0.0;
  pixels.push_back(rounded(grey + strength * (255 - grey)));
  pixels.insert(pixels.end(), 2, rounded(grey * (1 - strength)));
}

}  // namespace

Bitmap apply_window(const HuView& slice, const HuWindow& window) {
  FL_CHECK(window.width > 0);
  Bitmap image{slice.side, slice.side, 1, std::vector<std::uint8_t>(slice.hounsfield.size())};
  std::transform(slice.hounsfield.begin(), slice.hounsfield.end(), image.pixels.begin(),
                 [&](float hu) { return rounded(grey_of(static_cast<double>(hu), window)); });
  return image;
}

Bitmap apply_window(const HuView& slice, const HuWindow& window, const HuRange& range) {
  FL_CHECK(window.width > 0 && range.low < range.high);
  Bitmap image{slice.side, slice.side, 3, {}};
  image.pixels.reserve(slice.hounsfield.size() * 3);
  for (const float value : slice.hounsfield) {
    const auto hu = static_cast<double>(value);
    append_coloured(image.pixels, grey_of(hu, window), hu, range);
  }
  return image;
}

Bitmap colour_image(const Bitmap& image, const HuWindow& window, const HuRange& range) {
  FL_CHECK(window.width > 0 && range.low < range.high);
  FL_CHECK(image.channels == 1 || image.channels == 3);
  Bitmap coloured{image.width, image.height, 3, {}};
  const auto channels = static_cast<std::size_t>(image.channels);
  coloured.pixels.reserve(image.pixels.size() / channels * 3);
  for (std::size_t i = 0; i < image.pixels.size(); i += channels) {
    const auto pixel = std::span(image.pixels).subspan(i, channels);
    const auto [low, high] = std::minmax_element(pixel.begin(), pixel.end());
    if (*high - *low > kGreyTolerance) {
      coloured.pixels.insert(coloured.pixels.end(), pixel.begin(), pixel.end());
      continue;
    }
    const double grey = channels == 1 ? pixel[0] : 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
    if (grey <= kClippedMargin || grey >= 255 - kClippedMargin) {
      coloured.pixels.insert(coloured.pixels.end(), 3, rounded(grey));
      continue;
    }
    append_coloured(coloured.pixels, grey, window.level + (grey / 255 - 0.5) * window.width, range);
  }
  return coloured;
}

}  // namespace fl
