#pragma once
// How fast a path runs from under the surface that is evaluated around it: when the next snapshot and the
// next plane are due, and how much room that plane needs. Steps are the training's, points are landscape
// points of work, so the same calls give the same answers.

#include <cstddef>
#include <cstdint>

namespace fl {

class PathPace {
 public:
  // Share of the extents that the ball may use before a new plane is due.
  static constexpr double kInner = 0.9;

  // `stride`: steps between snapshots. Where it is long, the first ones come closer together: a path is seen
  // from its beginning, however long the run will be.
  explicit PathPace(std::int64_t stride) : stride_(stride) {}

  // A path begins.
  void begin(std::int64_t step);
  void worked(std::size_t points) { points_ += points; }
  // A plane was laid after that step.
  void laid(std::int64_t step);

  // After which step the next snapshot is due, above `step`.
  [[nodiscard]] std::int64_t next_snapshot(std::int64_t step) const;
  // The path has grown by half since one was promised, or the ball nears the edge of the plane
  // that is shown: `ball_place` is 0 in the middle, 1 at the edge.
  [[nodiscard]] bool wants_plane(std::int64_t step, double ball_place) const;
  // That plane is on its way.
  void promised(std::int64_t step);

  // A surface is finished before the path has gone far.
  [[nodiscard]] bool keeps_up(std::int64_t step) const;
  // How many times as large a rectangle the ball stays in until its surface is finished, 1 to kMostRoom; a
  // path goes on ever more slowly.
  [[nodiscard]] double room(std::int64_t step) const;
  // A plane of so few steps would have nothing to do with where the path is once its surface can be seen.
  [[nodiscard]] bool too_early(std::int64_t step) const;

 private:
  // Points that the surface has had for each step since the newest plane was laid; above 0, and plenty where
  // nobody worked at it yet.
  [[nodiscard]] double points_a_step(std::int64_t step) const;
  [[nodiscard]] double room_wanted(std::int64_t step) const;

  std::int64_t stride_;
  std::int64_t due_at_ = 0, laid_at_ = 0;  // steps
  std::size_t points_ = 0;                 // since laid_at_
};

}  // namespace fl
