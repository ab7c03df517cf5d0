#include "trainer/subjects/trainability/rate_map.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::uint32_t kCoarsest = 32;    // pixels from one of the first places to the next, at most
constexpr std::uint32_t kFirstPlaces = 8;  // a side, about

std::uint32_t first_stride(std::uint32_t side) {
  return std::clamp(std::bit_floor(side / kFirstPlaces), 1u, kCoarsest);
}

// Every pixel once: those whose coordinates a stride divides, then a stride half as wide, down to 1.
std::vector<std::uint32_t> coarse_to_fine(std::uint32_t side) {
  std::vector<std::uint32_t> order;
  order.reserve(std::size_t{side} * side);
  const std::uint32_t first = first_stride(side);
  for (std::uint32_t stride = first; stride > 0; stride /= 2)
    for (std::uint32_t row = 0; row < side; row += stride)
      for (std::uint32_t column = 0; column < side; column += stride)
        if (stride == first || row % (2 * stride) != 0 || column % (2 * stride) != 0)
          order.push_back(row * side + column);
  return order;
}

// So many pixels, the first and so spread evenly, say what ranks the others have.
constexpr std::size_t kRanked = 4096;

// Ranks of scores among sorted ones, in (0, 1).
struct Ranks {
  std::vector<float> sorted;
  void sort() { std::ranges::sort(sorted); }
  [[nodiscard]] float of(float score) const {
    if (sorted.empty()) return 0.5f;
    const auto [low, high] = std::ranges::equal_range(sorted, score);
    float place = static_cast<float>((low - sorted.begin()) + (high - sorted.begin())) / 2;
    // Between two of them, as far as it is.
    if (low == high && low != sorted.begin() && low != sorted.end())
      place += (score - *(low - 1)) / (*low - *(low - 1)) - 0.5f;
    return std::clamp(place / static_cast<float>(sorted.size()), 1e-3f, 0.999f);
  }
};

}  // namespace

RateMap::RateMap(std::uint32_t side, const RateView& view)
    : side_(side), view_(view), order_(coarse_to_fine(side)) {
  FL_CHECK(side >= 2 && side <= kMostSide && possible(view, side) == view);
  known_.resize(order_.size());
  runs_.resize(order_.size());
  guessed_.resize(order_.size());
  guesses_.resize(order_.size());
}

void RateMap::show(const RateView& view) {
  if (view == view_) return;
  std::vector<std::uint8_t> guessed(order_.size());
  std::vector<RateRun> guesses(order_.size());
  // In the old view's pixels, from its left and lower edges.
  const double scale = view.span / view_.span;
  const auto old = [&](double middle, double before, std::uint32_t pixel) {
    const double away = (middle - before) / view_.span + ((pixel + 0.5) / side_ - 0.5) * scale;
    return std::floor((away + 0.5) * side_);
  };
  for (std::uint32_t row = 0; row < side_; ++row) {
    const double from = old(view.second, view_.second, row);
    if (from < 0 || from >= side_) continue;
    for (std::uint32_t column = 0; column < side_; ++column) {
      const double at = old(view.first, view_.first, column);
      if (at < 0 || at >= side_) continue;
      const RateRun* found = shown(static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(from));
      if (found == nullptr) continue;
      guessed[row * side_ + column] = 1;
      guesses[row * side_ + column] = *found;
    }
  }
  guessed_ = std::move(guessed);
  guesses_ = std::move(guesses);
  guess_pixels_ = coarseness() / scale;
  view_ = view;
  done_ = trained_ = 0;
  std::ranges::fill(known_, std::uint8_t{0});
}

double RateMap::coarseness() const {
  double pixels = guess_pixels_ > 0 ? guess_pixels_ : 2.0 * first_stride(side_);
  for (std::uint32_t stride = first_stride(side_); stride > 0; stride /= 2) {
    const std::size_t places = (side_ + stride - 1) / stride;
    if (done_ >= places * places) pixels = std::min<double>(pixels, stride);
  }
  return pixels;
}

std::span<const std::uint32_t> RateMap::next(std::size_t most) const {
  return std::span(order_).subspan(done_, std::min(most, left()));
}

void RateMap::set(std::span<const RateRun> runs) {
  FL_CHECK(runs.size() <= left());
  for (const RateRun& run : runs) {
    const std::uint32_t pixel = order_[done_++];
    runs_[pixel] = run;
    known_[pixel] = 1;
    trained_ += run.trained;
  }
}

const RateRun* RateMap::shown(std::uint32_t column, std::uint32_t row) const {
  const std::uint32_t pixel = row * side_ + column;
  if (known_[pixel] != 0) return &runs_[pixel];
  const RateRun* guess = guessed_[pixel] != 0 ? &guesses_[pixel] : nullptr;
  for (std::uint32_t stride = 2; stride <= first_stride(side_); stride *= 2) {
    if (guess != nullptr && stride > guess_pixels_) return guess;
    const std::uint32_t place = row / stride * stride * side_ + column / stride * stride;
    if (known_[place] != 0) return &runs_[place];
  }
  return guess;
}

void RateMap::write_shades(std::span<float> shades) const {
  FL_CHECK(shades.size() == order_.size());
  Ranks down, up;
  const auto add = [&](const RateRun& run) { (run.trained != 0 ? down : up).sorted.push_back(run.score); };
  for (std::size_t i = 0; i < std::min(order_.size(), kRanked); ++i) {
    const std::uint32_t pixel = order_[i];
    if (known_[pixel] != 0)
      add(runs_[pixel]);
    else if (guessed_[pixel] != 0)
      add(guesses_[pixel]);
  }
  down.sort();
  up.sort();
  for (std::uint32_t row = 0; row < side_; ++row)
    for (std::uint32_t column = 0; column < side_; ++column) {
      const RateRun* run = shown(column, row);
      float& shade = shades[row * side_ + column];
      if (run == nullptr)
        shade = kUnknown;
      else
        shade = run->trained != 0 ? down.of(run->score) - 1 : up.of(run->score);
    }
}

}  // namespace fl
