#include "engine/view/camera.h"

#include <algorithm>
#include <cmath>

#include <glm/ext/matrix_clip_space.hpp>
#include <glm/ext/matrix_transform.hpp>
#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>
#include <glm/matrix.hpp>
#include <glm/vec4.hpp>

namespace fl {
namespace {

constexpr float kNear = 0.05f;
constexpr float kFar = 40.0f;
constexpr float kHalfPi = 1.57079633f;
constexpr float kLowestPitch = -0.2f;
constexpr float kHighestPitch = kHalfPi - 0.001f;  // straight down has no up
constexpr float kNearestDistance = 0.8f;
constexpr float kFarthestDistance = 20.0f;
// Of the view's half-size: what the box may fill; the rest is for tick values and titles.
constexpr float kFill = 0.86f;

}  // namespace

glm::vec3 OrbitCamera::eye() const {
  const glm::vec3 direction{std::cos(pitch) * std::sin(yaw), std::sin(pitch),
                            std::cos(pitch) * std::cos(yaw)};
  return target + distance * direction;
}

glm::mat4 OrbitCamera::view() const {
  return glm::lookAtRH(eye(), target, {0, 1, 0});
}

glm::mat4 OrbitCamera::projection(float aspect) const {
  glm::mat4 matrix = glm::perspectiveRH_ZO(field_of_view, aspect, kNear, kFar);
  matrix[1][1] = -matrix[1][1];
  return matrix;
}

Ray OrbitCamera::ray(glm::vec2 pixel, glm::vec2 size) const {
  const glm::mat4 matrix = view();
  const glm::vec2 share = pixel / size * 2.0f - 1.0f;
  const float tan_y = std::tan(field_of_view / 2);
  const glm::vec3 in_view{share.x * tan_y * size.x / size.y, -share.y * tan_y, -1};
  // A turn is undone by its transpose.
  return {eye(), glm::normalize(glm::transpose(glm::mat3(matrix)) * in_view)};
}

void OrbitCamera::drag(glm::vec2 pixels, float view_height) {
  const float radians_per_pixel = kHalfPi / std::max(view_height / 2, 1.0f);
  yaw = std::remainder(yaw - pixels.x * radians_per_pixel, 4 * kHalfPi);
  pitch = std::clamp(pitch + pixels.y * radians_per_pixel, kLowestPitch, kHighestPitch);
}

void OrbitCamera::pan(glm::vec2 pixels, float view_height) {
  const float world_per_pixel = 2 * distance * std::tan(field_of_view / 2) / std::max(view_height, 1.0f);
  const glm::mat4 matrix = view();
  const glm::vec3 right{matrix[0][0], matrix[1][0], matrix[2][0]};
  const glm::vec3 up{matrix[0][1], matrix[1][1], matrix[2][1]};
  target += world_per_pixel * (pixels.y * up - pixels.x * right);
  target = glm::clamp(target, glm::vec3(-2), glm::vec3(2));
}

void OrbitCamera::zoom(float factor) {
  distance = std::clamp(distance * factor, kNearestDistance, kFarthestDistance);
}

void OrbitCamera::fit(float aspect, float height) {
  target = {0, height * 0.36f, 0};
  const float tan_y = std::tan(field_of_view / 2) * kFill;
  const float tan_x = tan_y * aspect;
  // Over all yaws the box's corners sweep two circles of radius sqrt(2): each point of them must lie in
  // the view's pyramid. With u across and v along the view's horizontal, a corner at angle phi is at depth
  // distance - (v cos(pitch) + y sin(pitch)).
  const float radius = std::sqrt(2.0f);
  float needed = kNearestDistance;
  for (const float top : {0.0f, height}) {
    const float y = top - target.y;
    for (int i = 0; i < 64; ++i) {
      const float phi = 4 * kHalfPi * static_cast<float>(i) / 64;
      const float across = radius * std::cos(phi);
      const float along = radius * std::sin(phi);
      const float toward = along * std::cos(pitch) + y * std::sin(pitch);
      const float above = y * std::cos(pitch) - along * std::sin(pitch);
      needed = std::max({needed, toward + std::abs(across) / tan_x, toward + std::abs(above) / tan_y});
    }
  }
  distance = std::min(needed, kFarthestDistance);
}

CameraMatrices through_lens(const CameraMatrices& middle, glm::vec2 lens, float focus) {
  CameraMatrices seen = middle;
  seen.view[3] -= glm::vec4(lens, 0, 0);
  seen.projection[2][0] -= middle.projection[0][0] * lens.x / focus;
  seen.projection[2][1] -= middle.projection[1][1] * lens.y / focus;
  const glm::mat4& view = middle.view;
  seen.eye += glm::vec3(view[0][0], view[1][0], view[2][0]) * lens.x +
              glm::vec3(view[0][1], view[1][1], view[2][1]) * lens.y;
  return seen;
}

glm::vec3 project(const glm::mat4& view_projection, glm::vec3 world, glm::vec2 size) {
  const glm::vec4 clip = view_projection * glm::vec4(world, 1);
  const float w = std::abs(clip.w) > 1e-6f ? clip.w : 1e-6f;
  return {(clip.x / w * 0.5f + 0.5f) * size.x, (clip.y / w * 0.5f + 0.5f) * size.y, clip.w};
}

glm::vec3 key_light(const OrbitCamera& camera) {
  const glm::vec3 right{std::cos(camera.yaw), 0, -std::sin(camera.yaw)};
  const glm::vec3 toward{std::sin(camera.yaw), 0, std::cos(camera.yaw)};
  return glm::normalize(-0.78f * right + 0.66f * glm::vec3(0, 1, 0) + 0.12f * toward);
}

}  // namespace fl
