#pragma once
// A plane with its surfaces: over the training set's probe and, where both are asked for, the test set's; or
// over the test set's alone.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/surface.h"

namespace fl {

// The losses of one probe over a plane, here and, where the program has one, in its slot writer.
struct ProbedGrid {
  std::vector<std::int32_t> probe;
  std::vector<std::int32_t> small;  // some of it, where they are evaluated first; else all of it
  Surface surface;
  std::uint64_t id = 0;
  bool of_test = false;  // images of the test set
};

struct FramedPlane {
  Plane plane;
  ProbedGrid train;  // what is drawn in colour, and what the path is measured by
  std::optional<ProbedGrid> test{};

  // Whose cells come next. `at_once`: SliceEvaluator::points_at_once().
  [[nodiscard]] ProbedGrid& next(std::size_t at_once);
  // Enough of it to be shown.
  [[nodiscard]] bool ready() const { return train.surface.ready() && (!test || test->surface.ready()); }
  [[nodiscard]] bool finished() const {
    return train.surface.finished() && (!test || test->surface.finished());
  }
  [[nodiscard]] std::size_t cells_left() const {
    return train.surface.expected_left() + (test ? test->surface.expected_left() : 0);
  }
  void focus(double a, double b);
  void choose(LossScale scale);
  // What was evaluated on `before` over the same probe and lies close to this plane: a plane that hardly
  // turned keeps its surface.
  void carry_over(const FramedPlane& before);
  // The half with the lower losses has large b.
  [[nodiscard]] bool lower_half_behind() const;
};

}  // namespace fl
