#pragma once
// What the curves of several runs need to know of their losses.

#include <limits>
#include <span>
#include <vector>

#include "trainer/seam/frame.h"

namespace fl {

class LaneLosses {
 public:
  // A run's path; says in `facts` where it stands. `begins`: with starting weights, not as a fork does.
  void add(std::span<const PathPoint> path, LaneFacts& facts, bool begins = true);
  // How far the loss axis goes: it holds twice what half of the runs begin with at most, and one that climbs
  // out of that runs along its edge.
  void set_axis(FrameFacts& facts);

 private:
  std::vector<float> starts_;
  float least_ = std::numeric_limits<float>::infinity(), largest_ = 0;
};

}  // namespace fl
