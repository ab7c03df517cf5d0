#pragma once
// The path as it stands on the shown plane. A snapshot is on it once its real loss is known. The newest point
// is the ball; it stays until a newer one is known, even where the trajectory lets its snapshot go.

#include <cstddef>
#include <vector>

#include "trainer/landscape/surface.h"
#include "trainer/landscape/trajectory.h"
#include "trainer/seam/frame_header.h"

namespace fl {

class TrackedPath {
 public:
  // Oldest first. A slice loss is NaN until it is predicted or evaluated; infinite where it is not finite.
  [[nodiscard]] const std::vector<PathPoint>& points() const { return points_; }

  // After snapshots came or went, or a loss of one became known. Slice losses that are known stay.
  void follow(const std::vector<Snapshot>& snapshots, const Plane& plane);
  // Another plane: no slice loss is known on it.
  void lay_on(const std::vector<Snapshot>& snapshots, const Plane& plane);
  void clear();

  // Slice losses that are not evaluated become what the surface predicts, as far as it does.
  void predict(const Surface& surface);
  // Up to `most` points whose slice loss is not evaluated, the newest first.
  [[nodiscard]] std::vector<std::size_t> not_evaluated(std::size_t most) const;
  void set_slice_loss(std::size_t point, double loss);

 private:
  std::vector<PathPoint> points_;
  std::vector<char> evaluated_;  // the slice loss, of each point
};

}  // namespace fl
