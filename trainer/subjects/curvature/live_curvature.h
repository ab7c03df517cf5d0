#pragma once
// The curvature beside a training: measured every so many steps, of the weights as they were then, and kept
// in the history. The training waits for none of it: a moment is copied and measured later, the newest first,
// a product of the Hessian at a time. Where moments come faster than they are measured, every second one of
// those that wait is given up. Nothing of the training depends on it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainer/subjects/curvature/curvature_work.h"

namespace fl {

class LiveCurvature {
 public:
  static constexpr std::size_t kMostWaiting = 8;

  // As the scene's [landscape] says. `training` must outlive it.
  explicit LiveCurvature(Training& training);

  // After Training::reset: the start is a moment.
  void reset();
  // Steps from one moment to the next; 0: none is measured, and what waits is given up.
  void measure_every(std::int64_t steps);
  [[nodiscard]] std::int64_t every() const { return every_; }
  // What measuring begins with, where the scene says no number.
  [[nodiscard]] std::int64_t usual() const;
  // Why nothing can be measured, in a sentence; empty: it can.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

  // How many of `most` steps may be made before the next call of after_steps(), at least 1.
  [[nodiscard]] std::int64_t steps_to_moment(std::int64_t most) const;
  void after_steps();
  // One product. False: nothing waits.
  bool work();
  // All that waits.
  void complete() {
    while (work()) {
    }
  }
  // Rises with each product.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  void take_moment();

  Training& training_;
  std::int64_t every_ = 0;
  std::string refusal_;
  CurvatureSpec spec_;
  std::optional<CurvatureProbe> probe_;   // made for the first moment
  std::vector<CurvatureMoment> waiting_;  // the newest last
  std::optional<CurvatureWork> at_work_;
  std::uint64_t version_ = 0;
};

}  // namespace fl
