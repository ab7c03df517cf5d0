#include "trainer/backbone/head_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "trainer/base/check.h"

namespace fl {
namespace {

// Brightness goes from 0 to 1, lengths are shares of the picture's side.
constexpr float kDark = 0.2f;    // a background, at most, on average
constexpr float kThing = 0.12f;  // what is brighter is no background
constexpr float kRim = 0.5f;     // a skull, at least
constexpr float kStep = 0.15f;   // by which it is brighter than what it encloses
constexpr float kLeastInside = 0.06f, kMostInside = 0.85f;
constexpr float kCorner = 0.125f, kNearest = 0.1f, kOutside = 0.09f, kJump = 0.08f;
constexpr int kRays = 48;
constexpr double kRimShare = 0.6, kClosedShare = 0.5;  // of the rays
constexpr std::size_t kMostPictures = 24;

// A picture's brightness: of red paint it is that of its red.
class Brightness {
 public:
  Brightness(std::span<const float> pixels, TensorShape shape)
      : side_(shape.width), values_(static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_), 0.0f) {
    FL_CHECK(shape.width == shape.height && pixels.size() == shape.floats());
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      float& value = values_[i % values_.size()];
      value = std::max(value, std::clamp((pixels[i] + 1) / 2, 0.0f, 1.0f));
    }
  }
  [[nodiscard]] int side() const { return side_; }
  [[nodiscard]] float at(int x, int y) const {
    const auto inside = [this](int v) { return static_cast<std::size_t>(std::clamp(v, 0, side_ - 1)); };
    return values_[inside(y) * static_cast<std::size_t>(side_) + inside(x)];
  }
  [[nodiscard]] float mean(int left, int top, int size) const {
    float sum = 0;
    for (int y = top; y < top + size; ++y)
      for (int x = left; x < left + size; ++x) sum += at(x, y);
    return sum / static_cast<float>(size * size);
  }

 private:
  int side_;
  std::vector<float> values_;
};

struct Point {
  float x = 0, y = 0;
};

bool has_dark_corners(const Brightness& picture) {
  const int size = static_cast<int>(kCorner * static_cast<float>(picture.side())),
            far = picture.side() - size;
  int dark = 0;
  for (const auto& [x, y] : {std::pair{0, 0}, std::pair{far, 0}, std::pair{0, far}, std::pair{far, far}})
    dark += picture.mean(x, y, size) < kDark;
  return dark >= 3;  // one may hold words or a headrest
}

// Of what is no background; nothing where all is.
std::optional<Point> middle_of(const Brightness& picture) {
  double sum = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < picture.side(); ++y)
    for (int x = 0; x < picture.side(); ++x)
      if (picture.at(x, y) > kThing) ++sum, x_sum += x, y_sum += y;
  if (sum == 0) return {};
  return Point{static_cast<float>(x_sum / sum), static_cast<float>(y_sum / sum)};
}

struct Rim {
  float radius, inside;  // pixels; mean brightness from the middle up to it
};

// The nearest rim along a ray: bright, darker inside, dark outside.
std::optional<Rim> rim_along(const Brightness& picture, Point from, double angle) {
  const auto side = static_cast<float>(picture.side());
  const auto along = [&](int r) {
    const float x = from.x + static_cast<float>(r * std::cos(angle)),
                y = from.y + static_cast<float>(r * std::sin(angle));
    return picture.at(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y)));
  };
  const int nearest = static_cast<int>(kNearest * side), outside = static_cast<int>(kOutside * side);
  float sum = 0;
  for (int r = 0; r < picture.side() / 2 + outside; ++r) {
    const float here = along(r);
    const float inside = r > 0 ? sum / static_cast<float>(r) : here;
    sum += here;
    if (r < nearest || here < kRim || here < inside + kStep) continue;
    float beyond = here;
    for (int more = 1; more <= outside; ++more) beyond = std::min(beyond, along(r + more));
    if (beyond < 0.6f * here) return Rim{static_cast<float>(r), inside};
  }
  return {};
}

}  // namespace

bool looks_like_head(std::span<const float> pixels, TensorShape shape) {
  const Brightness picture(pixels, shape);
  if (!has_dark_corners(picture)) return false;
  const std::optional<Point> from = middle_of(picture);
  if (!from) return false;
  std::array<std::optional<Rim>, kRays> rims;
  for (int i = 0; i < kRays; ++i) {
    rims[static_cast<std::size_t>(i)] = rim_along(picture, *from, 2 * std::numbers::pi * i / kRays);
  }
  int found = 0, closed = 0;
  float inside = 0;
  for (std::size_t i = 0; i < rims.size(); ++i) {
    if (!rims[i]) continue;
    ++found;
    inside += rims[i]->inside;
    const auto& next = rims[(i + 1) % rims.size()];
    closed += next && std::abs(next->radius - rims[i]->radius) < kJump * static_cast<float>(picture.side());
  }
  inside /= static_cast<float>(std::max(found, 1));
  return found >= kRimShare * kRays && closed >= kClosedShare * kRays && inside > kLeastInside &&
         inside < kMostInside;
}

bool look_like_heads(const Dataset& data, TensorShape shape) {
  const std::size_t count = std::min(data.size(), kMostPictures);
  std::vector<float> pixels(shape.floats());
  std::size_t read = 0, heads = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!data.read_again || !data.read_again(i * data.size() / count, pixels)) continue;
    ++read;
    heads += looks_like_head(pixels, shape);
  }
  return 2 * heads >= read;
}

}  // namespace fl
