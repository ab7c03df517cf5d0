#pragma once
// Flat things that stand in a room. A flat pass lays out and draws in pixels of its own; a plane takes these
// to the picture: a homography, which is what a perspective camera makes of any plane in the world. The
// identity is the picture itself.

#include <span>

#include <glm/mat3x3.hpp>
#include <glm/mat3x4.hpp>
#include <glm/vec2.hpp>

#include "engine/pass/label.h"

namespace fl {

// Where a point of the plane falls on the picture.
[[nodiscard]] glm::vec2 on_plane(const glm::mat3& plane, glm::vec2 point);

// Moves labels that were laid out in the plane's pixels onto the picture. Each is turned and stretched as the
// plane is at its anchor: over the length of a name a gentle perspective is as good as straight.
void put_on_plane(std::span<ScreenLabel> labels, const glm::mat3& plane);

// As push constants hold it: std430 gives each column four floats.
[[nodiscard]] inline glm::mat3x4 pushed(const glm::mat3& plane) {
  return glm::mat3x4(plane);
}

}  // namespace fl
