#pragma once
// Where training has been: weight snapshots, thinned by arc length so that memory stays bounded however
// long a run is, with their Gram matrix kept up to date (a new snapshot costs one dot product for each old
// one), from which the principal plane of the path follows without another pass over the weights.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "trainer/landscape/plane.h"

namespace fl {

struct Snapshot {
  std::vector<float> params;
  std::int64_t step = 0;
  double rate = 0;
  std::optional<double> loss{};  // of the probe, at these weights; nothing: not evaluated yet
  double step_length = 0;  // |theta_t - theta_(t-1)| of the step that led here
  double arc_length = 0;   // path length from the start
};

class Trajectory {
 public:
  // At most `capacity` (>= 8) snapshots are kept. Beyond it every second one goes and the spacing doubles;
  // the first and the newest always stay.
  explicit Trajectory(std::size_t capacity = 192);

  void clear();
  // The newest snapshot always stands for now. `keep`: it may stay on the path when the next one comes;
  // otherwise, or where it lies too close to its predecessor, the next one replaces it.
  void add(Snapshot snapshot, bool keep = true);
  void set_loss(std::size_t snapshot, double loss) { snapshots_[snapshot].loss = loss; }

  // They were those of another probe.
  void forget_losses() {
    for (Snapshot& snapshot : snapshots_) snapshot.loss.reset();
  }

  [[nodiscard]] const std::vector<Snapshot>& snapshots() const { return snapshots_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return snapshots_.empty(); }

  // The plane of the two largest principal components of theta_i - theta_n through the newest snapshot,
  // unit directions, extents that hold the path with a margin and are equal on both axes. Directions keep
  // their sign towards `previous`, so that the view does not flip. Nothing with fewer than three snapshots
  // or a path without extent.
  [[nodiscard]] std::optional<Plane> principal_plane(const Plane* previous) const;

 private:
  void thin();
  void fill_gram() const;
  [[nodiscard]] bool newest_stays() const;

  std::size_t capacity_;
  bool newest_provisional_ = false;
  double spacing_ = 0;  // arc length between kept snapshots
  std::vector<Snapshot> snapshots_;
  // gram_[i][j] = <theta_i - theta_0, theta_j - theta_0>, j <= i; filled when it is asked for, and for all
  // but the newest snapshot, which often goes again, as soon as they are there.
  mutable std::vector<std::vector<double>> gram_;
};

}  // namespace fl
