#pragma once
// When is a run's fate sealed? At each of some steps two forks leave the run with other orders of the images,
// and both are trained to the run's end. Where the loss along the straight line between their weights has no
// ridge, the orders after that step decided little: both ends lie in one valley ("linear mode connectivity",
// Frankle et al. 2020, arXiv 1912.05671). Losses are means over all training images, and batch norm measures
// anew at each point, as everywhere in the landscape.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/seam/slot_writer.h"
#include "trainer/subjects/forks/fork.h"

namespace fl {

// The highest loss along a line above the straight line between the losses at its ends, 0 or more. Not a
// number where one of them is none. `losses`: at equal distances, at least two.
[[nodiscard]] double ridge_of(std::span<const double> losses);

class Fate {
 public:
  // Where the scene names no step there is none, and nothing is done. `training` must outlive it.
  explicit Fate(Training& training);

  // Two forks of one step. Their numbers are 1 and 2, whatever the step.
  struct Pair {
    int step = 0;
    FateState state = FateState::kComing;
    std::array<std::unique_ptr<Fork>, 2> forks{};  // none where kComing or kGone
    std::vector<double> losses{};  // kLinePoints from the first to the second; empty: not measured
    double ridge = 0;
  };
  [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }
  [[nodiscard]] bool asked() const { return !pairs_.empty(); }
  // How many of `most` steps the run may make before follow(), at least 1.
  [[nodiscard]] std::int64_t steps_to_fork(std::int64_t most) const;
  // The run begins here.
  void begin();
  // The run has made so many steps.
  void follow(std::int64_t steps);
  // Up to so much of what is left to do without the run, where it diverged before its forks: how much.
  std::size_t work(std::size_t points);
  [[nodiscard]] std::size_t points_left() const;
  void complete();
  // The pair whose step is nearest.
  void choose(std::int64_t step);
  [[nodiscard]] const Pair* chosen() const { return pairs_.empty() ? nullptr : &pairs_[chosen_]; }
  // Through the place where the chosen forks left the run and through their ends, once: nothing before they
  // are there, where it was told already, and where the three lie on one line.
  [[nodiscard]] std::optional<Plane> take_plane();
  // Rises whenever anything of it changed.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  // What it found, in a sentence each; empty where nobody asks.
  [[nodiscard]] std::vector<std::string> words() const;

  void add_to(FrameCapacity& capacity) const;
  void write(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const;

 private:
  void fork_here();
  void measure(Pair& pair);
  [[nodiscard]] std::span<const std::int32_t> images() const { return training_.split().train; }

  Training& training_;
  std::vector<Pair> pairs_;  // ascending by step
  std::size_t chosen_ = 0;
  bool plane_owed_ = true;
  std::uint64_t version_ = 0;
};

}  // namespace fl
