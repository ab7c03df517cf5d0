#pragma once
// A trainability map as it fills: every pixel is a training with its own pair of rates, coarse places first,
// so that a picture is there at once and only sharpens. What is shown where nothing is known yet: a place
// nearby that is, or what the view before knew.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/subjects/trainability/rate_view.h"

namespace fl {

class RateMap {
 public:
  // Precondition: 2 <= side <= kMostSide, and the view is possible() for it.
  RateMap(std::uint32_t side, const RateView& view);
  static constexpr std::uint32_t kMostSide = 1024;

  [[nodiscard]] std::uint32_t side() const { return side_; }
  [[nodiscard]] const RateView& view() const { return view_; }
  // Another one: nothing is known of it, but what was is shown until then.
  void show(const RateView& view);

  // So many pixels, or what is left of them; row * side + column, row 0 the lowest.
  [[nodiscard]] std::span<const std::uint32_t> next(std::size_t most) const;
  // Of those that next() gave, the first ones.
  void set(std::span<const RateRun> runs);
  [[nodiscard]] std::size_t known() const { return done_; }
  [[nodiscard]] std::size_t left() const { return order_.size() - done_; }
  [[nodiscard]] std::size_t trained() const { return trained_; }  // of those known

  [[nodiscard]] bool knows(std::uint32_t pixel) const { return known_[pixel] != 0; }
  // Of a pixel that is known.
  [[nodiscard]] const RateRun& run(std::uint32_t pixel) const { return runs_[pixel]; }
  // A shade for each pixel, [row][column]: below 0 where the training came down, from -1, sooner than all
  // others, to 0; above 0 where it did not, up to 1, later than all others. kUnknown where nothing is there
  // to show. Shades are ranks among the pixels that are known on either side: scores span many powers of ten.
  static constexpr float kUnknown = 2;
  void write_shades(std::span<float> shades) const;

 private:
  // The pixel that stands for this one: itself, one nearby, or none (null).
  [[nodiscard]] const RateRun* shown(std::uint32_t column, std::uint32_t row) const;

  std::uint32_t side_;
  RateView view_;
  std::vector<std::uint32_t> order_;
  std::size_t done_ = 0, trained_ = 0;
  std::vector<std::uint8_t> known_;
  std::vector<RateRun> runs_;
  // Pixels that one of those shown covers, a side.
  [[nodiscard]] double coarseness() const;

  // What the view before showed here, and how many of these pixels one of those covers, a side; 0: nothing.
  std::vector<std::uint8_t> guessed_;
  std::vector<RateRun> guesses_;
  double guess_pixels_ = 0;
};

}  // namespace fl
