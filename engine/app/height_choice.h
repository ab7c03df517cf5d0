#pragma once
// Linear or logarithmic height, decided once for each plane and then kept: a scale that changes while the
// surface refines would look like the landscape moving.

#include <string>

#include "trainer/seam/frame.h"

namespace fl {

class HeightChoice {
 public:
  explicit HeightChoice(std::string wish) : wish_(std::move(wish)) {}

  // True for a logarithmic height. "auto" chooses it where the surface spans more than a decade.
  bool log_for(const FrameHeader& header) {
    if (wish_ == "log") return true;
    if (wish_ == "linear") return false;
    if (header.grid_complete > 0 && header.frame_number != decided_for_) {
      decided_for_ = header.frame_number;
      log_ = header.loss_min > 0 && header.loss_max > 10 * header.loss_min;
    }
    return log_;
  }
  void choose(bool log) { wish_ = log ? "log" : "linear"; }

 private:
  std::string wish_;
  std::uint32_t decided_for_ = 0;
  bool log_ = false;
};

}  // namespace fl
