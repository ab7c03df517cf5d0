#pragma once
// What a session says of itself: a snapshot on the host, swapped whole, so that whoever looks sees one moment
// and holds no lock. What shaders read is the FrameHeader's; nothing of it is repeated here for drawing.

#include <cstdint>
#include <optional>
#include <string>

#include "trainer/compute/kernels/optimizer_kind.h"
#include "trainer/seam/frame.h"

namespace fl {

struct Status {
  // As it was asked for last; a slow step obeys later.
  bool playing = false;
  double pace = 0;                           // steps a second, 0: as fast as it goes
  std::optional<OptimizerKind> optimizer{};  // none where several run at once: there is none to choose
  std::uint64_t seed = 1;

  // As it was at the last picture, or when it ended.
  RunState state = RunState::kReady;  // kStopped: it failed
  std::int64_t step = 0, total_steps = 0;
  std::int64_t epoch = 0;       // epochs completed
  double rate = 0;              // learning rate
  double steps_per_second = 0;  // measured; 0 while nothing is stepped

  std::string device{};   // what computes it
  std::string failure{};  // not empty when it ended because something failed: one sentence

  // Nothing more is trained: the epochs are over, or the training diverged or failed.
  [[nodiscard]] bool over() const {
    return state == RunState::kFinished || state == RunState::kDiverged || state == RunState::kStopped;
  }
};

}  // namespace fl
