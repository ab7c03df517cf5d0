#include "engine/view/camera_motion.h"

#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>

namespace fl {
namespace {

constexpr double kCoastTime = 0.16;    // seconds after which a third of the speed is left
constexpr double kMeasureTime = 0.04;  // over which a drag's speed is averaged
constexpr float kSlowest = 12;         // pixels a second: slower is standing still
constexpr float kFastest = 4000;
constexpr double kGlideTime = 0.09;
constexpr float kArrived = 2e-4f;

float turn_between(float from, float to) {
  return std::remainder(to - from, 6.28318531f);
}

float away(const OrbitCamera& a, const OrbitCamera& b) {
  return std::max({std::abs(turn_between(a.yaw, b.yaw)), std::abs(a.pitch - b.pitch),
                   std::abs(a.distance - b.distance), glm::length(a.target - b.target)});
}

}  // namespace

void CameraMotion::drag(glm::vec2 pixels, double seconds) {
  goal_.reset();
  coasting_ = false;
  if (seconds <= 0) return;
  const auto share = static_cast<float>(1 - std::exp(-seconds / kMeasureTime));
  speed_ += share * (pixels / static_cast<float>(seconds) - speed_);
}

void CameraMotion::rest(double seconds) {
  if (!coasting_) drag({0, 0}, seconds);
}

void CameraMotion::release() {
  const float length = glm::length(speed_);
  if (length > kFastest) speed_ *= kFastest / length;
  coasting_ = length > kSlowest;
  if (!coasting_) speed_ = {0, 0};
}

void CameraMotion::glide_to(const OrbitCamera& goal) {
  stop();
  goal_ = goal;
}

void CameraMotion::stop() {
  speed_ = {0, 0};
  coasting_ = false;
  goal_.reset();
}

void CameraMotion::advance(OrbitCamera& camera, double seconds, float view_height) {
  if (seconds <= 0) return;
  if (coasting_) {
    // The integral of a speed that decays, so that two halves of a frame go as far as the whole.
    const auto left = static_cast<float>(std::exp(-seconds / kCoastTime));
    camera.drag(speed_ * static_cast<float>(kCoastTime) * (1 - left), view_height);
    speed_ *= left;
    if (glm::length(speed_) < kSlowest) stop();
  }
  if (!goal_) return;
  const auto share = static_cast<float>(1 - std::exp(-seconds / kGlideTime));
  camera.yaw += share * turn_between(camera.yaw, goal_->yaw);
  camera.pitch += share * (goal_->pitch - camera.pitch);
  camera.distance += share * (goal_->distance - camera.distance);
  camera.target += share * (goal_->target - camera.target);
  if (away(camera, *goal_) > kArrived) return;
  camera = *goal_;
  goal_.reset();
}

std::optional<glm::vec3> focus_point(const Ray& ray, float height) {
  const glm::vec3 low{-1, 0, -1}, high{1, height, 1};
  float enter = 0, leave = 1e6f;
  for (int axis = 0; axis < 3; ++axis) {
    const float eye = ray.origin[axis], along = ray.along[axis];
    if (std::abs(along) < 1e-6f) {
      if (eye < low[axis] || eye > high[axis]) return {};
      continue;
    }
    const float a = (low[axis] - eye) / along, b = (high[axis] - eye) / along;
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  if (enter > leave) return {};
  const float middle = std::abs(ray.along.y) > 1e-6f ? (height / 2 - ray.origin.y) / ray.along.y : enter;
  return ray.at(std::clamp(middle, enter, leave));
}

}  // namespace fl
