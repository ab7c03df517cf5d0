#pragma once
// How a camera moves on by itself: it coasts a little after a drag, and glides to a place it was sent to.
// Time is passed in, and the path does not depend on how it is cut into frames.

#include <optional>

#include "engine/view/camera.h"

namespace fl {

class CameraMotion {
 public:
  // A drag went on by so many pixels in so many seconds. Ends a glide.
  void drag(glm::vec2 pixels, double seconds);
  // The pointer was held still so long while it turned.
  void rest(double seconds);
  // The drag ended: what speed it had is kept.
  void release();
  // From where it is; a new goal replaces the old one.
  void glide_to(const OrbitCamera& goal);
  void stop();

  // Where a glide ends, or `now` where there is none: what the next key starts from.
  [[nodiscard]] const OrbitCamera& goal(const OrbitCamera& now) const { return goal_ ? *goal_ : now; }
  [[nodiscard]] bool moving() const { return coasting_ || goal_; }
  // Moves on. `view_height` in pixels, as for OrbitCamera::drag.
  void advance(OrbitCamera& camera, double seconds, float view_height);

 private:
  glm::vec2 speed_{0};  // pixels a second
  bool coasting_ = false;
  std::optional<OrbitCamera> goal_;
};

// The point that a double click beside the surface, into the sky or a hole, means: where its ray passes the
// middle of the heights, or the end of its way through the box [-1, 1] x [0, height] x [-1, 1] that is
// nearest to that. Nothing where it misses the box.
[[nodiscard]] std::optional<glm::vec3> focus_point(const Ray& ray, float height = 0.85f);

}  // namespace fl
