#pragma once
// The forks of a run, each with a path on its landscape and curves beside its own. They go step by step as
// the run does; where that is over, they go on alone. The run is never touched by them.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trainer/seam/slot_writer.h"
#include "trainer/subjects/forks/fork.h"
#include "trainer/subjects/landscape/landscape_tracker.h"

namespace fl {

class Forks {
 public:
  static constexpr std::size_t kMost = 7;

  // Both must outlive the forks.
  Forks(Training& training, const LandscapeTracker& landscape);

  // Why the run cannot be forked now, in a sentence; empty: it can.
  [[nodiscard]] std::string refusal() const;
  // Precondition: no refusal.
  void add(ForkChange what);
  // Nothing, where there is no such fork. 0: all of them.
  void remove(std::uint32_t number);
  [[nodiscard]] const std::vector<std::unique_ptr<Fork>>& all() const { return forks_; }

  // The run has made so many steps.
  void follow(std::int64_t steps);
  // Up to so many landscape points of what is left to do without the run: how many it took.
  std::size_t work(std::size_t points);
  [[nodiscard]] std::size_t points_left() const;
  void catch_up();
  // Rises whenever anything of them changed.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  // Adds what a slot must hold for them.
  void add_to(FrameCapacity& capacity) const;
  // Where there are forks, these or `others`: the frame's path and epochs, which are the run's, become those
  // of several. All together kMost at most.
  void write(SlotWriter& writer, const FrameSlot& slot, Frame& frame, std::span<Fork* const> others = {});

 private:
  void measure_by_probe();
  [[nodiscard]] LaneFacts run_facts(const Frame& frame) const;
  [[nodiscard]] LaneFacts facts_of(const Fork& fork, std::vector<EpochPoint>& epochs) const;

  Training& training_;
  const LandscapeTracker& landscape_;
  std::vector<std::unique_ptr<Fork>> forks_;
  std::vector<std::int32_t> probe_;  // that their losses are of
  std::size_t points_ = 0;           // of a path
  std::uint32_t last_number_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace fl
