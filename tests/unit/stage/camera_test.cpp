// The orbit camera: what fit promises, and the conventions that shaders and labels rely on.

#include "engine/view/camera.h"

#include <cmath>

#include <glm/geometric.hpp>
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

}  // namespace
}  // namespace fl
