#pragma once
// One run of a race: its training, and where it has been on the race's plane. Its weights are those of the
// same training alone, to the byte: what is measured beside it changes nothing of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/trajectory.h"
#include "trainer/subjects/roughness/run_roughness.h"
#include "trainer/subjects/training.h"

namespace fl {

class Lane {
 public:
  // `points`: of the path, at most, evenly over its steps; `probe`: the images by which losses are measured.
  Lane(std::string name, std::unique_ptr<Training> training, std::size_t points,
       std::vector<std::int32_t> probe);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Training& training() { return *training_; }
  [[nodiscard]] const Training& training() const { return *training_; }
  // Points of the path that there will be at most, with the newest.
  [[nodiscard]] std::size_t most_points() const;

  // Before lay_on(): trains to its end and goes back to its start. The snapshots on the way are kept until
  // then. `measures`: how rough the loss is around the end. False: `go_on` said no.
  bool rehearse(const std::function<bool()>& go_on, bool measures);
  [[nodiscard]] const std::vector<Snapshot>& rehearsed() const { return rehearsed_; }
  // Null where that was not measured, or the end gives no number, or the run has another start now.
  [[nodiscard]] const RunRoughness* roughness() const {
    return roughness_ && training_->seed() == rehearsed_seed_ ? &*roughness_ : nullptr;
  }
  // The plane on which its path is shown from now on, from where it stands now. `apart`: the landscape is
  // another network's, and it has no place there. `plane` must outlive the lane.
  void lay_on(const Plane& plane, bool apart);
  [[nodiscard]] bool apart() const { return apart_; }
  // Follows a plane whose second direction was turned round.
  void flip_b();

  // Trains on to that step of its own, or its end.
  void go_to(std::int64_t step);
  // Brings the newest point to the weights as they are now. True: it was behind.
  bool catch_up();
  // Begins anew from the starting weights of `seed`.
  Result<void> reset(std::uint64_t seed);
  // Oldest first. What of it lies beyond the plane's rectangle, or is no number, has a and b that are none.
  [[nodiscard]] const std::vector<PathPoint>& path() const { return path_; }
  // The newest point that has a place; where there is none, not a number.
  [[nodiscard]] const PathPoint& ball() const { return ball_; }
  // It left the rectangle, or the numbers: its path ends there.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  // Of these weights: what the rehearsal knows, or else measured.
  [[nodiscard]] PathPoint point_now();
  [[nodiscard]] PathPoint placed(const Snapshot& snapshot) const;
  [[nodiscard]] Snapshot snapshot_now();
  [[nodiscard]] bool due() const;
  void add(PathPoint point, bool keep);

  std::string name_;
  std::unique_ptr<Training> training_;
  std::vector<std::int32_t> probe_;
  std::int64_t stride_ = 1;  // steps from point to point
  const Plane* plane_ = nullptr;
  bool apart_ = false;
  std::vector<Snapshot> rehearsed_;
  std::optional<RunRoughness> roughness_;
  std::uint64_t rehearsed_seed_ = 0;
  // What the rehearsal measured, by the weights it was measured at.
  struct Known {
    std::uint64_t weights = 0;  // checksum
    PathPoint point;
  };
  std::vector<Known> known_;
  std::vector<PathPoint> path_;
  bool provisional_ = false;  // the newest point goes when the next one comes
  PathPoint ball_;
  bool ended_ = false;
};

}  // namespace fl
