#include "engine/film/exposure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::uint32_t kWhite = 65535;

// IEC 61966-2-1.
double linear_of(double srgb) {
  return srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
}
double srgb_of(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

// The darkest two bytes are 20 steps of light apart: every byte comes back as it was.
const std::array<std::uint32_t, 256>& light() {
  static const auto table = [] {
    std::array<std::uint32_t, 256> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<std::uint32_t>(std::lround(linear_of(static_cast<double>(i) / 255) * kWhite));
    return all;
  }();
  return table;
}

const std::vector<std::uint8_t>& byte_of_light() {
  static const auto table = [] {
    std::vector<std::uint8_t> all(kWhite + 1);
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<std::uint8_t>(std::lround(srgb_of(static_cast<double>(i) / kWhite) * 255));
    return all;
  }();
  return table;
}

}  // namespace

void Exposure::sum_up(const Picture& picture, std::uint32_t weight) {
  if (sums_.empty()) sums_.resize(picture.rgba.size());
  FL_CHECK(sums_.size() == picture.rgba.size());
  const auto& lit = light();
  const std::uint8_t* from = picture.rgba.data();
  std::uint32_t* to = sums_.data();
  const bool straight = alpha_ == PngAlpha::kStraight;
  for (std::size_t i = 0; i < sums_.size(); i += 4) {
    const std::uint32_t alpha = straight ? from[i + 3] * weight : weight;
    for (std::size_t c = i; c < i + 3; ++c) to[c] += lit[from[c]] * alpha;
    to[i + 3] += alpha;
  }
}

void Exposure::add(Picture picture, std::uint32_t weight) {
  FL_CHECK(weight > 0 && weight_ + weight <= kMostWeight);  // the sums fit
  if (weight_ == 0) {
    first_ = std::move(picture);
    first_weight_ = weight;
  } else {
    FL_CHECK(picture.width == first_.width && picture.height == first_.height);
    if (first_weight_ > 0) sum_up(first_, std::exchange(first_weight_, 0));
    sum_up(picture, weight);
  }
  weight_ += weight;
}

Picture Exposure::develop() {
  FL_CHECK(weight_ > 0);
  const std::uint32_t all = std::exchange(weight_, 0);
  if (first_weight_ > 0) return std::move(first_);
  Picture picture{first_.width, first_.height, std::move(first_.rgba)};
  const auto& bytes = byte_of_light();
  const bool straight = alpha_ == PngAlpha::kStraight;
  for (std::size_t i = 0; i < sums_.size(); i += 4) {
    const std::uint32_t alpha = sums_[i + 3];
    for (std::size_t c = i; c < i + 3; ++c)
      picture.rgba[c] = alpha == 0 ? 0 : bytes[(sums_[c] + alpha / 2) / alpha];
    picture.rgba[i + 3] = static_cast<std::uint8_t>(straight ? (alpha + all / 2) / all : 255);
  }
  std::ranges::fill(sums_, 0);
  return picture;
}

Picture dissolved(const Picture& from, Picture to, double share, PngAlpha alpha) {
  const double come = std::clamp(share, 0.0, 1.0);
  const auto weight = static_cast<std::uint32_t>(
      std::lround(come * come * (3 - 2 * come) * static_cast<double>(Exposure::kMostWeight)));
  if (weight == Exposure::kMostWeight) return to;
  if (weight == 0) return from;
  Exposure both(alpha);
  both.add(from, Exposure::kMostWeight - weight);
  both.add(std::move(to), weight);
  return both.develop();
}

}  // namespace fl
