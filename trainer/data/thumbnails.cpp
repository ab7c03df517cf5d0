#include "trainer/data/thumbnails.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace {

// The size within kSide x kSide that has the image's ratio.
std::array<int, 2> shrunk_size(int width, int height) {
  const int longest = std::max(width, height);
  if (longest <= Thumbnails::kSide) return {width, height};
  const auto side = [longest](int pixels) {
    return std::max(1,
                    static_cast<int>(std::lround(static_cast<double>(pixels) * Thumbnails::kSide / longest)));
  };
  return {side(width), side(height)};
}

}  // namespace

Thumbnail Thumbnails::operator[](std::size_t image) const {
  const auto [width, height] = sizes_[image];
  return {width, height, std::span(pixels_).subspan(image * kBytes, std::size_t{3} * width * height)};
}

void Thumbnails::reserve(std::size_t images) {
  pixels_.reserve(images * kBytes);
  sizes_.reserve(images);
}

void Thumbnails::add_blank() {
  pixels_.resize(pixels_.size() + kBytes);
  sizes_.push_back({0, 0});
}

void Thumbnails::fill(std::size_t image, const Bitmap& whole) {
  FL_CHECK(image < size());
  const auto [width, height] = shrunk_size(whole.width, whole.height);
  const ResizedImage small = resize(whole, width, height);
  const auto area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::uint8_t* out = pixels_.data() + image * kBytes;
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      *out++ = static_cast<std::uint8_t>(small.values[(small.channels == 3 ? c * area : 0) + i] + 0.5);
  sizes_[image] = {static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(height)};
}

bool Thumbnails::set(std::size_t images, std::vector<Size> sizes, std::vector<std::uint8_t> block) {
  *this = {};
  const auto fits = [](const Size& size) { return std::ranges::max(size) <= kSide; };
  if (sizes.size() != images || block.size() != images * kBytes || !std::ranges::all_of(sizes, fits))
    return false;
  sizes_ = std::move(sizes);
  pixels_ = std::move(block);
  return true;
}

void Thumbnails::add(const Thumbnail& other) {
  add_blank();
  std::ranges::copy(other.pixels, pixels_.end() - static_cast<std::ptrdiff_t>(kBytes));
  sizes_.back() = {static_cast<std::uint8_t>(other.width), static_cast<std::uint8_t>(other.height)};
}

}  // namespace fl
