// The path with one sample a pixel, as a window on a CPU device draws it, and with four: outlines are whole,
// and what fades stays.

#include <cmath>

#include "tests/golden/golden_fixture.h"

namespace fl::testing {
namespace {

double luma(const Picture& picture, int x, int y) {
  const std::uint8_t* p =
      &picture.rgba[4 * (static_cast<std::size_t>(y) * picture.width + static_cast<std::size_t>(x))];
  return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

constexpr VkExtent2D kLarge{1280, 720};  // where lines have their own width: scale 1

class PathLine : public Golden {
 protected:
  void SetUp() override {
    Golden::SetUp();
    if (env_ != nullptr) capture_.emplace(*env_->device, kLarge);
  }

  // A plain of one loss with a straight path of `points` over it, so far off the plane.
  void publish_line(std::uint32_t points, float off_plane) {
    publish({.path_points = points}, [&](const FrameSlot& slot, Frame& frame) {
      for (float& height : slot.heights()) height = kLoss;
      frame.facts.loss_min = 0;
      frame.facts.loss_max = 2;
      for (std::uint32_t i = 0; i < points; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(points - 1);
        PathPoint& point = slot.path()[i];
        point.a = std::lerp(kFrom.x, kTo.x, share);
        point.b = std::lerp(kFrom.y, kTo.y, share);
        point.real_loss = point.slice_loss = kLoss;
        point.off_plane = off_plane;
      }
      frame.header.ball = slot.path()[points - 1];
    });
  }
  Picture shoot_with(std::uint32_t samples, bool path = true) {
    std::optional<Stage>& stage = samples == 1 ? one_sample_ : several_samples_;
    if (!stage)
      stage.emplace(*env_->device, *env_->font,
                    StageOptions{.color_format = Capture::kFormat, .samples = samples});
    Frame frame = *frame_;
    if (!path) frame.header.path_count = 0;
    return capture_->shoot(*stage, sets_->set(frame_->slot), frame, view_, {});
  }
  // The path's point at `share` of its way, pixels.
  glm::vec2 pixel(float share) const {
    const glm::vec2 size{kLarge.width, kLarge.height};
    const glm::vec2 at = glm::mix(kFrom, kTo, share) / 1.8f;
    return project(view_.camera.projection(size.x / size.y) * view_.camera.view(),
                   {at.x, 0.85f * kLoss / 2, -at.y}, size);
  }
  // Of the surface's brightness, what is left beside the path at its outline: the darkest pixel across it, at
  // the place along the path where that is brightest. 1: somewhere there is no outline.
  double weakest_outline(const Picture& picture, const Picture& plain, float side) const {
    const glm::vec2 along = glm::normalize(pixel(1) - pixel(0));
    const glm::vec2 across = side * glm::vec2(-along.y, along.x);
    double weakest = 0;
    for (float share = 0.15f; share < 0.85f; share += 0.002f) {
      double darkest = 1;
      for (float out = 1.5f; out < 4.5f; out += 0.25f) {
        const glm::ivec2 p(glm::floor(pixel(share) + out * across));
        darkest = std::min(darkest, luma(picture, p.x, p.y) / luma(plain, p.x, p.y));
      }
      weakest = std::max(weakest, darkest);
    }
    return weakest;
  }

  std::optional<Stage> one_sample_, several_samples_;
  static constexpr float kLoss = 1.025f;  // of 0 to 2, between contour lines
  // a and b: slanted on the picture, as outlines broke most.
  static constexpr glm::vec2 kFrom{-1.3f, -0.6f}, kTo{1.2f, 0.9f};
};

TEST_F(PathLine, OutlinesHaveNoGaps) {
  for (const float yaw : {0.2f, 0.62f, 1.1f, 2.6f})
    for (const std::uint32_t points : {2u, 300u}) {
      view_.camera.yaw = yaw;
      publish_line(points, 0);
      for (const std::uint32_t samples : {1u, 4u}) {
        const Picture picture = shoot_with(samples), plain = shoot_with(samples, false);
        for (const float side : {-1.0f, 1.0f})
          EXPECT_LT(weakest_outline(picture, plain, side), 0.88)
              << "yaw " << yaw << ", " << points << " points, " << samples << " samples, side " << side;
      }
      ring_->abandoned(*frame_);
    }
}

// How strongly the path's middle is seen, from 0: not at all, against a path that lies in the plane.
TEST_F(PathLine, WhatLeavesThePlaneFadesAndStays) {
  for (const std::uint32_t samples : {1u, 4u})
    for (const std::uint32_t points : {2u, 40u}) {
      std::vector<double> seen;
      for (const float off_plane : {0.0f, 0.5f, 1.0f}) {
        publish_line(points, off_plane);
        const Picture picture = shoot_with(samples), plain = shoot_with(samples, false);
        double sum = 0;
        for (float share = 0.15f; share < 0.85f; share += 0.01f) {
          const glm::ivec2 p(glm::floor(pixel(share)));
          sum += luma(picture, p.x, p.y) - luma(plain, p.x, p.y);
        }
        seen.push_back(sum);
        ring_->abandoned(*frame_);
      }
      // shaders/path.vert: alpha 0.65 and 0.30; four samples know only quarters.
      EXPECT_NEAR(seen[1] / seen[0], 0.65, 0.12) << samples << " samples, " << points << " points";
      EXPECT_NEAR(seen[2] / seen[0], 0.30, samples == 1 ? 0.1 : 0.25) << points << " points";
    }
}

}  // namespace
}  // namespace fl::testing
