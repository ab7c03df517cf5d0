// What is drawn again, and what is not.
#include "tests/golden/kept_fixture.h"

namespace fl::testing {
namespace {

TEST_F(Kept, NothingIsDrawnAgainWhereNothingHasChanged) {
  settle();
  EXPECT_EQ(expect_same("the same slot"), 0);
  publish();
  EXPECT_EQ(expect_same("another slot with the same content"), 0);
}

// A descent that goes on: its rectangle, and curves where a step was added to them.
TEST_F(Kept, AStepCostsThePathAndTheNumbers) {
  lesson_.path_points = 40;
  settle();
  for (int step = 0; step < 6; ++step) {
    lesson_.path_points += 1;
    const Picture before = last_;
    publish();
    const float redrawn = expect_same("a step");
    EXPECT_NE(differing(before, last_), "");
    EXPECT_GT(redrawn, 0);
    EXPECT_LT(redrawn, 0.2F);
  }
}

TEST_F(Kept, OnlyTheColumnIsKeptWhileTheCameraTurns) {
  settle();
  const float landscape = Stage::layout(kSmall, view_).landscape.width / static_cast<float>(kSmall.width);
  for (int turn = 0; turn < 3; ++turn) {
    view_.camera.yaw += 0.05F;
    EXPECT_NEAR(expect_same("turned"), landscape, 0.01F);
  }
}

// Somebody waits for it: softer meanwhile, elsewhere the same, and sharp as soon as the camera rests.
TEST_F(Kept, AHurriedTurnIsCoarseAndItsEndIsNot) {
  settle();
  const Rect area = Stage::layout(kSmall, view_).landscape;
  for (int turn = 0; turn < 3; ++turn) {
    view_.camera.yaw += 0.05F;
    view_.time += 0.05;
    const auto shoot = [&](Stage& stage, Capture& capture, bool hurried) {
      view_.hurried = hurried;
      return capture.shoot(stage, sets_->set(frame_->slot), *frame_, view_, texts_);
    };
    const Picture coarse = shoot(*kept_, *kept_capture_, true);
    const Picture sharp = shoot(*whole_, *whole_capture_, false);
    EXPECT_TRUE(kept_->moving());
    double apart = 0;
    std::size_t beside = 0, seen = 0;
    for (std::uint32_t i = 0; i < sharp.width * sharp.height; ++i) {
      const auto x = static_cast<float>(i % sharp.width), y = static_cast<float>(i / sharp.width);
      const bool inside = x >= area.x && x < area.right() && y >= area.y && y < area.bottom();
      int most = 0;
      for (std::uint32_t c = 4 * i; c < 4 * i + 3; ++c)
        most = std::max(most, std::abs(coarse.rgba[c] - sharp.rgba[c]));
      if (!inside && most > 0) ++beside;
      if (inside) apart += most, seen += most > 24 ? 1 : 0;
    }
    const double pixels = area.width * area.height;
    EXPECT_EQ(beside, 0U);
    EXPECT_GT(apart, 0);
    EXPECT_LT(apart / pixels, 6);                         // of 255
    EXPECT_LT(static_cast<double>(seen) / pixels, 0.08);  // edges, lines and words over them
  }
  view_.hurried = true;  // but the camera rests
  expect_same("rests");
  EXPECT_FALSE(kept_->moving());
  EXPECT_EQ(expect_same("still rests"), 0);
}

// The filter looks along an edge for its ends: a path that comes to lie across the level front edge of the
// floor changes pixels far to both sides of it.
TEST_F(Kept, AnEdgeThatThePathInterruptsIsSmoothedAnew) {
  view_.camera.yaw = 0;
  view_.camera.pitch = 0.3F;
  lesson_.path_points = 2;
  std::uint32_t points = 2;
  alter_ = [&](const FrameSlot& slot, Frame& frame) {
    const float extent = frame.header.a_max;
    for (std::uint32_t i = 0; i < points; ++i) {
      const float z = 1.4F - 0.02F * static_cast<float>(i);
      slot.path()[i] = {
          .a = 0.3F * extent, .b = -extent * z, .real_loss = frame.facts.loss_min - 10, .off_plane = 0};
    }
    frame.header.path_count = points;
    frame.header.ball.real_loss = std::numeric_limits<float>::quiet_NaN();  // nor has it a shadow
  };
  settle();
  for (; points < 30; ++points) {
    publish();
    EXPECT_LT(expect_same(fmt::format("{} points", points)), 0.05F);
  }
}

// The empty stage of a window that opens, then a lesson.
TEST_F(Kept, ALessonAppears) {
  const Frame empty;
  const auto shoot = [&](Stage& stage, Capture& capture) {
    return capture.shoot(stage, VK_NULL_HANDLE, empty, view_, texts_);
  };
  view_.content = 0;
  EXPECT_EQ(differing(shoot(*kept_, *kept_capture_), shoot(*whole_, *whole_capture_)), "");
  settle();
  EXPECT_EQ(expect_same("it stands"), 0);
}

}  // namespace
}  // namespace fl::testing
