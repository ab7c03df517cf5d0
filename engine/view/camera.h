#pragma once
// A camera that orbits the landscape's box: y up, right-handed. Angles and distances are what scene files
// and camera keys store, so a picture can be taken again.

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

namespace fl {

// Half of a straight line.
struct Ray {
  glm::vec3 origin{0};
  glm::vec3 along{0, 0, -1};  // unit length
  [[nodiscard]] glm::vec3 at(float distance) const { return origin + distance * along; }
  bool operator==(const Ray&) const = default;
};

struct OrbitCamera {
  float yaw = 0.62f;    // radians, around y; 0 looks along -z, the box's b axis
  float pitch = 0.66f;  // radians above the horizon
  float distance = 4.1f;
  float field_of_view = 0.62f;  // vertical, radians
  glm::vec3 target{0, 0.30f, 0};

  [[nodiscard]] glm::vec3 eye() const;
  [[nodiscard]] glm::mat4 view() const;
  // Vulkan's clip space: y down, depth 0 to 1.
  [[nodiscard]] glm::mat4 projection(float aspect) const;
  // From the eye through a pixel of a view of this size, which is above 0.
  [[nodiscard]] Ray ray(glm::vec2 pixel, glm::vec2 size) const;

  // Turns by a drag in pixels: half the height of the view is a quarter turn. The pitch stays between a
  // little below the horizon and straight down.
  void drag(glm::vec2 pixels, float view_height);
  // Moves the target in the picture's plane, so that what is under the pointer follows it.
  void pan(glm::vec2 pixels, float view_height);
  // factor < 1 comes closer; stays outside the near plane and inside the far one.
  void zoom(float factor);
  // The nearest distance from which the whole unit box [-1, 1] x [0, height] x [-1, 1], with room for its
  // labels, is in view, whatever the yaw: turning never cuts a corner off.
  void fit(float aspect, float height = 0.85f);

  bool operator==(const OrbitCamera&) const = default;
};

struct CameraMatrices {
  glm::mat4 view{1}, projection{1};
  glm::vec3 eye{0};
};
// From another point of the camera's lens, `lens` world units to the right and up of its middle. What lies in
// the plane `focus` before the eye, parallel to the picture, stays where it is in the picture: pictures from
// all over a lens, averaged, are sharp there alone (Haeberli and Akeley 1990, "The accumulation buffer").
[[nodiscard]] CameraMatrices through_lens(const CameraMatrices& middle, glm::vec2 lens, float focus);

// Where a world point falls on the picture, in pixels of the view `size`, and its distance w (<= 0: behind).
glm::vec3 project(const glm::mat4& view_projection, glm::vec3 world, glm::vec2 size);

// Toward the lamp, unit length. It stands still beside the viewer, above the left shoulder, as map makers
// draw relief: turning the camera turns the landscape under it.
[[nodiscard]] glm::vec3 key_light(const OrbitCamera& camera);

}  // namespace fl
