#include "engine/pass/plane.h"

#include <glm/vec3.hpp>

namespace fl {

glm::vec2 on_plane(const glm::mat3& plane, glm::vec2 point) {
  const glm::vec3 p = plane * glm::vec3(point, 1);
  return glm::vec2(p) / p.z;
}

void put_on_plane(std::span<ScreenLabel> labels, const glm::mat3& plane) {
  for (ScreenLabel& label : labels) {
    const glm::vec3 p = plane * glm::vec3(label.pixel, 1);
    const glm::vec2 at = glm::vec2(p) / p.z;
    // The quotient rule, for each of the plane's two directions.
    const glm::mat2 slope{(glm::vec2(plane[0]) - at * plane[0].z) / p.z,
                          (glm::vec2(plane[1]) - at * plane[1].z) / p.z};
    label.pixel = at;
    label.axes = slope * label.axes;
  }
}

}  // namespace fl
