// The orbit camera: what fit promises, and the conventions that shaders and labels rely on.

#include "engine/view/camera.h"

#include <cmath>

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>
#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr float kHeight = 0.85f;

TEST(OrbitCamera, FitKeepsTheBoxInViewWhateverTheYaw) {
  for (const float aspect : {0.6f, 1.1f, 16.0f / 9.0f, 3.0f})
    for (const float pitch : {0.1f, 0.66f, 1.4f}) {
      OrbitCamera camera;
      camera.pitch = pitch;
      camera.fit(aspect, kHeight);
      for (int turn = 0; turn < 24; ++turn) {
        camera.yaw = 0.2618f * static_cast<float>(turn);
        const glm::mat4 matrix = camera.projection(aspect) * camera.view();
        for (const float x : {-1.0f, 1.0f})
          for (const float y : {0.0f, kHeight})
            for (const float z : {-1.0f, 1.0f}) {
              const glm::vec3 at = project(matrix, {x, y, z}, {2, 2});
              EXPECT_GT(at.z, 0);
              EXPECT_LT(std::abs(at.x - 1), 0.9f) << aspect << " " << pitch << " " << turn;
              EXPECT_LT(std::abs(at.y - 1), 0.9f) << aspect << " " << pitch << " " << turn;
            }
      }
    }
}

TEST(OrbitCamera, UpIsUpAndNearIsNear) {
  OrbitCamera camera;
  camera.yaw = 0;
  const glm::mat4 matrix = camera.projection(1) * camera.view();
  const glm::vec2 size{100, 100};
  const glm::vec3 centre = project(matrix, camera.target, size);
  EXPECT_NEAR(centre.x, 50, 1e-3);
  EXPECT_NEAR(centre.y, 50, 1e-3);
  EXPECT_LT(project(matrix, camera.target + glm::vec3(0, 0.5f, 0), size).y, 50);  // pixels grow downward
  EXPECT_GT(project(matrix, camera.target + glm::vec3(0.5f, 0, 0), size).x, 50);
  // Depth 0 at the near plane, 1 at the far one: the nearer point has the smaller depth.
  const auto depth = [&](glm::vec3 world) {
    const glm::vec4 clip = matrix * glm::vec4(world, 1);
    return clip.z / clip.w;
  };
  EXPECT_LT(depth(camera.target + glm::vec3(0, 0, 1)), depth(camera.target));
  EXPECT_GT(depth(camera.target + glm::vec3(0, 0, 1)), 0);
  EXPECT_LT(depth(camera.target - glm::vec3(0, 0, 1)), 1);
}

TEST(OrbitCamera, DraggingStaysWithinItsLimits) {
  OrbitCamera camera;
  camera.drag({0, 1e6f}, 720);
  EXPECT_LT(camera.pitch, 1.5708f);
  EXPECT_TRUE(std::isfinite(camera.view()[0][0]));
  camera.drag({1e6f, -1e6f}, 720);
  EXPECT_GT(camera.pitch, -0.5f);
  EXPECT_LE(std::abs(camera.yaw), 3.15f);
  for (int i = 0; i < 100; ++i) camera.zoom(0.5f);
  EXPECT_GT(camera.distance, 0.1f);
  for (int i = 0; i < 100; ++i) camera.zoom(2);
  EXPECT_LT(camera.distance, 39);  // inside the far plane
}

TEST(OrbitCamera, PanningFollowsThePointer) {
  OrbitCamera camera;
  const glm::mat4 before = camera.projection(1) * camera.view();
  const glm::vec3 grabbed = camera.target;
  const glm::vec3 from = project(before, grabbed, {720, 720});
  camera.pan({30, -20}, 720);
  const glm::vec3 to = project(camera.projection(1) * camera.view(), grabbed, {720, 720});
  EXPECT_NEAR(to.x - from.x, 30, 0.5);
  EXPECT_NEAR(to.y - from.y, -20, 0.5);
}

// All points of the lens see the plane of the focus in the same places, and what is nearer or farther in
// others.
TEST(OrbitCamera, ThroughItsLensTheFocusStaysInPlace) {
  const OrbitCamera camera{.yaw = 0.7f, .pitch = 0.5f, .distance = 3};
  const glm::vec2 size{1280, 720};
  const CameraMatrices middle{camera.view(), camera.projection(size.x / size.y), camera.eye()};
  const glm::mat4 to_world = glm::inverse(middle.view);
  const auto pixel = [&](const CameraMatrices& seen, glm::vec3 in_view) {
    return glm::vec2(project(seen.projection * seen.view, glm::vec3(to_world * glm::vec4(in_view, 1)), size));
  };
  for (const glm::vec2 lens : {glm::vec2{0.1f, 0}, {0, -0.1f}, {-0.06f, 0.08f}}) {
    const CameraMatrices seen = through_lens(middle, lens, camera.distance);
    EXPECT_NEAR(glm::distance(seen.eye, middle.eye), glm::length(lens), 1e-5);
    EXPECT_NEAR(glm::length(glm::vec3(seen.view * glm::vec4(seen.eye, 1))), 0, 1e-5);
    for (const glm::vec2 at : {glm::vec2{0, 0}, {0.8f, 0.4f}, {-0.5f, 0.3f}}) {
      EXPECT_LT(glm::distance(pixel(seen, {at, -3}), pixel(middle, {at, -3})), 0.01f);
      EXPECT_GT(glm::distance(pixel(seen, {at, -2}), pixel(middle, {at, -2})), 5);
      EXPECT_GT(glm::distance(pixel(seen, {at, -4}), pixel(middle, {at, -4})), 5);
    }
  }
}

}  // namespace
}  // namespace fl
