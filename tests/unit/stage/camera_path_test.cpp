// The way of a camera through keys: through every one of them, without a corner, and never beyond them.

#include "engine/view/camera_path.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr float kAspect = 1.1F;
constexpr double kTurn = 6.283185307179586;

CameraKey key(double yaw, double pitch, double distance) {
  return {.yaw = yaw, .pitch = pitch, .distance = distance};
}

CameraPath path_of(const std::vector<TimedCameraKey>& keys, double end = 100) {
  return {keys, OrbitCamera{}, true, kAspect, end};
}

double between(double from, double to) {
  return std::abs(std::remainder(to - from, kTurn));
}

std::vector<TimedCameraKey> random_keys(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> yaw(-170, 170), pitch(5, 80), distance(1, 9), pause(0.2, 5);
  std::vector<TimedCameraKey> keys;
  double at = 1;
  for (int i = 0; i < 9; ++i, at += pause(random))
    keys.push_back({at, key(yaw(random), pitch(random), distance(random))});
  keys[4].key = {};  // it stands still from key 3 to 4
  return keys;
}

TEST(CameraPath, PassesThroughEveryKey) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    const auto keys = random_keys(seed);
    const CameraPath path = path_of(keys);
    for (const auto& [seconds, wanted] : keys) {
      if (!wanted.yaw) continue;
      const OrbitCamera camera = path.at(seconds);
      EXPECT_LT(between(static_cast<double>(camera.yaw), glm::radians(*wanted.yaw)), 1e-5);
      EXPECT_NEAR(camera.pitch, glm::radians(*wanted.pitch), 1e-5);
      EXPECT_NEAR(camera.distance, *wanted.distance, 1e-4);
    }
  }
}

// Zoom, pitch and yaw: between two keys nothing is lower or higher than both.
TEST(CameraPath, NeverOvershoots) {
  for (unsigned seed = 1; seed < 40; ++seed) {
    const auto keys = random_keys(seed);
    const CameraPath path = path_of(keys);
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      const OrbitCamera from = path.at(keys[i].seconds), to = path.at(keys[i + 1].seconds);
      for (int k = 0; k <= 50; ++k) {
        const OrbitCamera here = path.at(std::lerp(keys[i].seconds, keys[i + 1].seconds, k / 50.0));
        EXPECT_GE(here.distance, std::min(from.distance, to.distance) - 1e-4F);
        EXPECT_LE(here.distance, std::max(from.distance, to.distance) + 1e-4F);
        EXPECT_GE(here.pitch, std::min(from.pitch, to.pitch) - 1e-5F);
        EXPECT_LE(here.pitch, std::max(from.pitch, to.pitch) + 1e-5F);
      }
    }
  }
}

// The speed just before each key is that just behind it, and nothing at both ends.
TEST(CameraPath, HasNoCorner) {
  constexpr double kStep = 1e-5;
  for (unsigned seed = 1; seed < 20; ++seed) {
    const auto knots = [&] {
      std::vector<SmoothCurve::Knot> all;
      for (const auto& [seconds, wanted] : random_keys(seed))
        all.push_back({seconds, wanted.distance.value_or(4)});
      return all;
    }();
    const SmoothCurve curve(knots);
    for (const SmoothCurve::Knot& knot : knots) {
      const double before = (curve(knot.at) - curve(knot.at - kStep)) / kStep;
      const double behind = (curve(knot.at + kStep) - curve(knot.at)) / kStep;
      EXPECT_NEAR(before, behind, 2e-3) << "at " << knot.at;
    }
    EXPECT_NEAR((curve(knots.front().at + kStep) - curve(knots.front().at)) / kStep, 0, 2e-3);
    EXPECT_EQ(curve(-5), knots.front().value);
    EXPECT_EQ(curve(1e6), knots.back().value);
  }
}

TEST(CameraPath, StandsStillBeforeTheFirstKeyAndBehindTheLast) {
  const CameraPath path = path_of({{2, key(10, 30, 4)}, {5, key(60, 50, 3)}});
  EXPECT_EQ(path.at(0), path.at(2));
  EXPECT_EQ(path.at(99), path.at(5));
  EXPECT_NE(path.at(3), path.at(2));
}

TEST(CameraPath, WhatAKeyDoesNotSayIsAsBefore) {
  const CameraPath path = path_of({{0, key(10, 30, 4)}, {5, {.yaw = 60.0}}, {9, {.pitch = 40.0}}});
  EXPECT_NEAR(path.at(5).pitch, glm::radians(30.0F), 1e-5);
  EXPECT_NEAR(path.at(5).distance, 4, 1e-4);
  EXPECT_NEAR(path.at(9).yaw, glm::radians(60.0F), 1e-5);
}

TEST(CameraPath, DistanceZeroShowsAllOfTheLandscape) {
  OrbitCamera all;
  all.pitch = glm::radians(50.0F);
  all.fit(kAspect);
  const CameraPath path = path_of({{0, key(0, 50, 0)}, {4, {.distance = 2.0, .target = {{0.2, 0.1, 0.3}}}}});
  EXPECT_NEAR(path.at(0).distance, all.distance, 1e-4);
  EXPECT_EQ(path.at(0).target, all.target);
  EXPECT_NEAR(path.at(4).distance, 2, 1e-4);
  EXPECT_LT(glm::length(path.at(4).target - glm::vec3(0.2F, 0.1F, -0.3F)), 1e-5F);
}

TEST(CameraPath, OrbitsOnceInItsTimeAtAnEvenSpeed) {
  // Two turns and a little: the next key is where it comes by.
  const CameraPath path =
      path_of({{0, {.yaw = 20.0, .orbit = 10.0}}, {21, {.yaw = 40.0}}, {25, {.yaw = 60.0}}});
  double turned = 0;
  std::vector<double> speeds;
  for (int i = 0; i < 2100; ++i) {
    const double step = std::remainder(
        static_cast<double>(path.at((i + 1) / 100.0).yaw) - static_cast<double>(path.at(i / 100.0).yaw),
        kTurn);
    turned += step;
    EXPECT_GE(step, -1e-5);
    if (i > 200 && i < 1900) speeds.push_back(step);
  }
  EXPECT_NEAR(turned, 2 * kTurn + glm::radians(20.0), 1e-3);
  const auto [slowest, fastest] = std::ranges::minmax(speeds);
  EXPECT_NEAR(fastest / slowest, 1, 0.05);
  // What follows does not turn back through all of it.
  double back = 0;
  for (int i = 2100; i < 2500; ++i)
    back += std::abs(std::remainder(
        static_cast<double>(path.at((i + 1) / 100.0).yaw) - static_cast<double>(path.at(i / 100.0).yaw),
        kTurn));
  EXPECT_NEAR(back, glm::radians(20.0), 1e-3);
}

TEST(CameraPath, AnOrbitBehindTheLastKeyGoesOnToTheEnd) {
  const CameraPath path = path_of({{0, {.yaw = 0.0}}, {4, {.yaw = 0.0, .orbit = -20.0}}}, 9);
  EXPECT_LT(between(static_cast<double>(path.at(9).yaw), -kTurn / 4), 1e-5);
  EXPECT_EQ(path.at(9), path.at(30));
}

}  // namespace
}  // namespace fl
