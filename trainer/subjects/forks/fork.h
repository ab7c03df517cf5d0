#pragma once
// A run cloned at a step, with one thing changed, that is trained on beside it: a course of the same
// training, and where it has been. Its bytes are those of that run alone, had the change been made there.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/trajectory.h"
#include "trainer/subjects/forks/course.h"
#include "trainer/subjects/forks/fork_change.h"
#include "trainer/subjects/training.h"

namespace fl {

class Fork {
 public:
  // From the run as it is now. `number`: from 1; `points`: of its path, at most; `probe`: the images by which
  // losses are measured.
  Fork(Training& training, ForkChange what, std::uint32_t number, std::size_t points,
       std::span<const std::int32_t> probe);

  [[nodiscard]] std::uint32_t number() const { return number_; }
  // "120: river": a legend may have no room for more of it than the step
  [[nodiscard]] const std::string& words() const { return words_; }
  [[nodiscard]] std::int64_t from() const { return from_; }  // step
  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(course_.history.steps.size()); }
  [[nodiscard]] std::int64_t last_step() const { return last_step_; }
  [[nodiscard]] bool over() const {
    return course_.state == RunState::kFinished || course_.state == RunState::kDiverged;
  }
  [[nodiscard]] const Course& course() const { return course_; }
  // The weights with which it left the run.
  [[nodiscard]] const std::vector<float>& start() const { return places_.front().snapshot.params; }

  // So many steps, or to its end. `training`: the run it left, which stays as it is.
  void advance(Training& training, std::int64_t steps, std::span<const std::int32_t> probe);
  // Brings the newest point to the weights as they are now. True: it was behind.
  bool catch_up(Training& training, std::span<const std::int32_t> probe);
  // Losses are those of another probe: they are to be measured again.
  void forget_losses();
  // One of them. False: none waits.
  bool measure(Training& training, std::span<const std::int32_t> probe);
  [[nodiscard]] std::size_t waiting() const;

  // Its path there, oldest first, from the step it left the run at. What lies beyond the plane's rectangle,
  // or is no number, has a and b that are none.
  void lay_on(const Plane& plane, std::uint32_t plane_number);
  [[nodiscard]] const std::vector<PathPoint>& path() const { return path_; }
  [[nodiscard]] const PathPoint& ball() const { return ball_; }  // the newest point that has a place
  // It left the rectangle, or the numbers: its path ends there.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  struct Place {
    Snapshot snapshot;
    std::uint32_t plane_number = 0;  // that `point` is of
    PathPoint point{};
  };
  // Of the training while it is on this course.
  void note(Training& training, std::span<const std::int32_t> probe, bool keep);

  std::uint32_t number_;
  std::string words_;
  std::int64_t from_ = 0, last_step_ = 0;
  std::int64_t stride_ = 1;  // steps from point to point
  Course course_;
  std::vector<Place> places_;
  bool provisional_ = false;  // the newest place goes when the next one comes
  std::vector<PathPoint> path_;
  PathPoint ball_;
  bool ended_ = false;
};

}  // namespace fl
