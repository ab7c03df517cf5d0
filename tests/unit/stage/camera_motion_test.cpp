// What a camera does by itself: it comes to rest, wherever frames are cut, and goes where it was sent.

#include "engine/view/camera_motion.h"

#include <cmath>

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr float kView = 720;

CameraMotion thrown() {
  CameraMotion motion;
  for (int i = 0; i < 20; ++i) motion.drag({8, 2}, 0.016);
  motion.release();
  return motion;
}

OrbitCamera after(CameraMotion motion, double frame, double seconds) {
  OrbitCamera camera;
  for (double t = 0; t < seconds - 1e-9; t += frame) motion.advance(camera, frame, kView);
  return camera;
}

TEST(CameraMotion, CoastsAfterADragAndComesToRest) {
  CameraMotion motion = thrown();
  EXPECT_TRUE(motion.moving());
  OrbitCamera camera;
  const float before = camera.yaw;
  float last = 1e9f;
  int frames = 0;
  for (; motion.moving() && frames < 600; ++frames) {
    const float yaw = camera.yaw;
    motion.advance(camera, 1.0 / 60, kView);
    EXPECT_LE(std::abs(camera.yaw - yaw), last + 1e-5f);  // never faster again
    last = std::abs(camera.yaw - yaw);
  }
  EXPECT_GT(frames, 10);
  EXPECT_LT(frames, 120);  // gentle: less than two seconds
  EXPECT_LT(camera.yaw, before);
  EXPECT_LT(std::abs(camera.yaw - before), 0.5f);
}

TEST(CameraMotion, GoesAsFarWhateverTheFrameRate) {
  const OrbitCamera fine = after(thrown(), 1.0 / 240, 0.4), coarse = after(thrown(), 1.0 / 20, 0.4);
  EXPECT_NEAR(fine.yaw, coarse.yaw, 2e-3);
  EXPECT_NEAR(fine.pitch, coarse.pitch, 2e-3);
}

TEST(CameraMotion, APointerThatRestsBeforeItLetsGoThrowsNothing) {
  CameraMotion motion;
  for (int i = 0; i < 20; ++i) motion.drag({8, 2}, 0.016);
  motion.rest(0.5);
  motion.release();
  EXPECT_FALSE(motion.moving());
}

TEST(CameraMotion, GlidesTheShortWayAndArrives) {
  OrbitCamera camera, goal;
  camera.yaw = 3.0f;
  goal.yaw = -3.0f;
  goal.target = {0.5f, 0.2f, -0.4f};
  goal.distance = 2;
  CameraMotion motion;
  motion.glide_to(goal);
  EXPECT_EQ(motion.goal(camera).yaw, goal.yaw);
  motion.advance(camera, 0.01, kView);
  EXPECT_GT(camera.yaw, 3.0f);  // over the seam, not back through zero
  for (int i = 0; i < 200 && motion.moving(); ++i) motion.advance(camera, 1.0 / 60, kView);
  EXPECT_FALSE(motion.moving());
  EXPECT_EQ(camera.yaw, goal.yaw);
  EXPECT_EQ(camera.target, goal.target);
  EXPECT_EQ(camera.distance, goal.distance);
}

TEST(CameraMotion, ADragEndsAGlideAndStopEndsAll) {
  OrbitCamera goal;
  goal.yaw = 2;
  CameraMotion motion;
  motion.glide_to(goal);
  motion.drag({1, 0}, 0.01);
  EXPECT_FALSE(motion.moving());
  motion = thrown();
  motion.stop();
  EXPECT_FALSE(motion.moving());
}

TEST(FocusPoint, IsUnderThePointerAndInsideTheBox) {
  OrbitCamera camera;
  const glm::vec2 size{800, 600};
  camera.fit(size.x / size.y);
  const glm::mat4 matrix = camera.projection(size.x / size.y) * camera.view();
  int hits = 0;
  for (float x = 10; x < size.x; x += 60)
    for (float y = 10; y < size.y; y += 60) {
      const auto point = focus_point(camera.ray({x, y}, size));
      if (!point) continue;
      ++hits;
      const glm::vec3 at = project(matrix, *point, size);
      EXPECT_NEAR(at.x, x, 0.05);
      EXPECT_NEAR(at.y, y, 0.05);
      EXPECT_LE(std::max(std::abs(point->x), std::abs(point->z)), 1.001f);
      EXPECT_GE(point->y, -0.001f);
      EXPECT_LE(point->y, 0.851f);
    }
  EXPECT_GT(hits, 20);
  EXPECT_FALSE(focus_point(camera.ray({2, 2}, size)));  // the corner of the picture: nothing there
}

TEST(FocusPoint, IsInTheMiddleOfTheHeightsWhereTheRayPassesThere) {
  OrbitCamera camera;
  const glm::vec2 size{800, 600};
  const auto point = focus_point(camera.ray(size / 2.0f, size));
  ASSERT_TRUE(point);
  EXPECT_NEAR(point->y, 0.425f, 1e-3);
}

}  // namespace
}  // namespace fl
