// What the stage draws, against references. The surface is a real function and the path a real descent on
// it (tests/support/synthetic_frame.h). Any message of the validation layer fails a test.

#include "tests/golden/golden_fixture.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/base/atomic_file.h"

namespace fl::testing {
namespace {

TEST_F(Golden, LandscapeLinear) {
  publish(kNoPath);
  expect_golden("landscape_linear");
}

TEST_F(Golden, LandscapeLogLight) {
  view_.height.choose(true);
  view_.theme = &light_theme();
  view_.camera.yaw = 2.4f;
  publish(kNoPath);
  expect_golden("landscape_log_light");
}

TEST_F(Golden, HolesAreLeftOut) {
  publish(kNoPath, [](const FrameSlot& slot, const Frame& frame) {
    const auto side = static_cast<int>(frame.facts.grid_side);
    for (int row = 0; row < side; ++row)
      for (int column = 0; column < side; ++column) {
        const auto i = static_cast<std::size_t>(row * side + column);
        // Where training would diverge: infinite losses, and one that says so by its value alone.
        if (std::hypot(row - 96, column - 36) < 14) {
          slot.cells()[i] = static_cast<std::uint32_t>(CellState::kNonFinite);
          slot.heights()[i] = std::numeric_limits<float>::infinity();
        }
        if (row == 40 && column == 100) slot.heights()[i] = std::numeric_limits<float>::quiet_NaN();
        // Not yet asked for.
        if (row < 30 && column < 50) slot.cells()[i] = static_cast<std::uint32_t>(CellState::kUnknown);
      }
  });
  expect_golden("landscape_holes");
}

TEST_F(Golden, PointsThatAreEvaluatedAreMarkedOnRequest) {
  view_.points = true;
  publish(kNoPath, [](const FrameSlot& slot, Frame& frame) {
    // 17 x 17 evaluated, bilinear between them; a quarter is refined already.
    const std::uint32_t side = frame.facts.grid_side;
    constexpr std::uint32_t kStep = 8;
    frame.facts.grid_ready = true;
    frame.facts.grid_evaluated = 17 * 17 + 64 * 64;
    const std::vector<float> exact(slot.heights().begin(), slot.heights().end());
    for (std::uint32_t row = 0; row < side; ++row)
      for (std::uint32_t column = 0; column < side; ++column) {
        if ((row % kStep == 0 && column % kStep == 0) || (row < 64 && column >= 64)) continue;
        const std::uint32_t r = std::min(row / kStep * kStep, side - 1 - kStep);
        const std::uint32_t c = std::min(column / kStep * kStep, side - 1 - kStep);
        const float v = static_cast<float>(row - r) / kStep, u = static_cast<float>(column - c) / kStep;
        const auto at = [&](std::uint32_t y, std::uint32_t x) { return exact[y * side + x]; };
        slot.heights()[row * side + column] =
            std::lerp(std::lerp(at(r, c), at(r, c + kStep), u),
                      std::lerp(at(r + kStep, c), at(r + kStep, c + kStep), u), v);
        slot.cells()[row * side + column] = static_cast<std::uint32_t>(CellState::kPredicted);
      }
  });
  expect_golden("landscape_points");
}

TEST_F(Golden, PathAndBall) {
  publish({.rate = 0.004, .path_points = 160});
  expect_golden("path_dark");
}

// The real loss lies above the slice: ball on a stem, path fading as it leaves the plane.
TEST_F(Golden, PathOffThePlaneLight) {
  view_.theme = &light_theme();
  publish({.rate = 0.004, .path_points = 60, .lift = 2.5});
  expect_golden("path_off_plane_light");
}

// Seen over the rim, from below and above at once: what it hides shines through, dimmed.
TEST_F(Golden, PathBehindTheSurface) {
  view_.camera.pitch = 0.26f;
  view_.camera.yaw = 0.75f;
  view_.camera.distance = 3.2f;
  publish({.rate = 0.004, .path_points = 160});
  expect_golden("path_hidden");
}

// After a divergence the last point is no number: it is not drawn, and nothing else suffers.
TEST_F(Golden, PointsThatAreNoNumbersAreNotDrawn) {
  publish(kNoPath);
  const Picture without = shoot();
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, infinity, -infinity, 3e38f})
    for (float PathPoint::*const member : {&PathPoint::a, &PathPoint::b, &PathPoint::real_loss}) {
      if (bad == 3e38f && member == &PathPoint::real_loss) continue;  // high, but a number
      env_->device->wait_idle();
      ring_->abandoned(*frame_);
      publish({.path_points = 2}, [&](const FrameSlot& slot, Frame& frame) {
        frame.header.ball.*member = slot.path()[0].*member = slot.path()[1].*member = bad;
      });
      EXPECT_EQ(differing(without, shoot()), 0u) << bad;
    }
}

TEST_F(Golden, OnePointThatIsNoNumberLeavesAGapInThePath) {
  publish({.rate = 0.004, .path_points = 60});
  const Picture whole = shoot();
  for (float PathPoint::*const member :
       {&PathPoint::a, &PathPoint::real_loss, &PathPoint::off_plane, &PathPoint::step_length}) {
    ring_->abandoned(*frame_);
    publish({.rate = 0.004, .path_points = 60}, [&](const FrameSlot& slot, Frame&) {
      slot.path()[20].*member = std::numeric_limits<float>::quiet_NaN();
    });
    const std::size_t pixels = differing(whole, shoot());
    EXPECT_GT(pixels, 0u);
    EXPECT_LT(pixels, 600u);
  }
}

// A rate that is too high: losses far above the surface are drawn at the box's ceiling.
TEST_F(Golden, LossesAboveTheBoxStayUnderItsCeiling) {
  publish(kNoPath);
  const Picture without = shoot();
  ring_->abandoned(*frame_);
  publish({.rate = 0.004, .path_points = 60, .lift = 1e30});
  const Picture with = shoot();
  EXPECT_GT(differing(without, with), 100u);
  const glm::mat4 matrix =
      view_.camera.projection(static_cast<float>(kExtent.width) / static_cast<float>(kExtent.height)) *
      view_.camera.view();
  float highest = static_cast<float>(kExtent.height);
  // A ball lies on its point.
  const float top = SurfaceScale{}.ceiling() + 0.1f;
  for (const glm::vec2 corner : {glm::vec2{-1, -1}, {-1, 1}, {1, -1}, {1, 1}})
    highest =
        std::min(highest, project(matrix, {corner.x, top, corner.y}, {kExtent.width, kExtent.height}).y);
  const auto rows = static_cast<std::size_t>(std::max(highest, 0.0f));
  ASSERT_GT(rows, 10u);
  EXPECT_TRUE(std::equal(with.rgba.begin(),
                         with.rgba.begin() + static_cast<std::ptrdiff_t>(rows * kExtent.width * 4),
                         without.rgba.begin()));
}

// A message stands over the lower part of the landscape, and nowhere else.
TEST_F(Golden, MessagesStandAtTheLowerEdgeOfTheLandscape) {
  publish({});
  view_.words = true;
  const auto shoot_with = [&](const StageTexts& texts) {
    return capture_->shoot(*env_->stage, sets_->set(frame_->slot), *frame_, view_, texts);
  };
  const Picture silent = shoot_with({});
  StageTexts texts;
  texts.message = "cannot open brain.tm: the file is cut short";
  const Picture said = shoot_with(texts);
  EXPECT_GT(differing(silent, said), 2000u);
  const auto half = static_cast<std::ptrdiff_t>(silent.rgba.size() / 2);
  EXPECT_TRUE(std::equal(silent.rgba.begin(), silent.rgba.begin() + half, said.rgba.begin()));
  texts.message_is_error = true;
  EXPECT_GT(differing(said, shoot_with(texts)), 100u);
  view_.words = false;
  EXPECT_EQ(differing(shoot_with({}), shoot_with(texts)), 0u);
}

TEST_F(Golden, SameFrameSameBits) {
  publish({});
  EXPECT_EQ(shoot().rgba, shoot().rgba);
}

// The proof that shaders read the memory the trainer writes: one float is changed in the mapped slot, nothing
// else is called, and the picture changes; put back, it is the same to the bit.
TEST_F(Golden, ShadersReadTheMappedSlot) {
  publish(kNoPath);
  const Picture before = shoot();
  const FrameSlot slot{frame_->slot, ring_->memory(frame_->slot), &ring_->layout()};
  float& height = slot.heights()[64 * 129 + 64];
  const float kept = height;
  height = frame_->facts.loss_max;
  const Picture changed = shoot();
  height = kept;
  const Picture after = shoot();

  std::size_t differing = 0;
  for (std::size_t i = 0; i < before.rgba.size(); i += 4)
    differing += before.rgba[i] != changed.rgba[i] || before.rgba[i + 1] != changed.rgba[i + 1] ? 1 : 0;
  EXPECT_GT(differing, 50u);                          // a spike stands there now
  EXPECT_LT(differing, before.rgba.size() / 4 / 10);  // and the rest of the surface does not care
  EXPECT_EQ(before.rgba, after.rgba);
}

TEST_F(Golden, NothingIsDrawnBeforeTheFirstPublish) {
  view_.parts = {};
  view_.words = true;
  const Frame none;
  const Picture picture = capture_->shoot(*env_->stage, VK_NULL_HANDLE, none, view_, {});
  EXPECT_EQ(picture.width, kExtent.width);
}

// The comparison itself must be able to fail.
TEST_F(Golden, ComparisonFindsFaults) {
  if (std::getenv("FALLLINE_UPDATE_GOLDEN") != nullptr) GTEST_SKIP() << "references are being written";
  publish(kNoPath);
  const Picture good = shoot();
  const auto folder = std::filesystem::path(FALLLINE_GOLDEN_FAILED) / "self_test";
  const GoldenFolders own{folder / "reference", folder / "failed"};
  std::filesystem::remove_all(folder);
  EXPECT_NE(compare_golden(own, "missing", good), "");
  ASSERT_TRUE(make_folder(own.reference));

  ASSERT_TRUE(save_png(own.reference / "same.png", good));
  EXPECT_EQ(compare_golden(own, "same", good), "");

  Picture blank = good;
  std::fill(blank.rgba.begin(), blank.rgba.end(), std::uint8_t{40});
  ASSERT_TRUE(save_png(own.reference / "blank.png", blank));
  EXPECT_NE(compare_golden(own, "blank", good), "");
  EXPECT_NE(compare_golden(own, "same", blank), "");

  Picture one_wrong = good;
  one_wrong.rgba[4 * 1000] ^= 8;  // one pixel, by more than 2
  EXPECT_NE(compare_golden(own, "same", one_wrong), "");
  Picture many_slightly = good;
  for (std::size_t i = 0; i < 4 * 400; i += 4) many_slightly.rgba[i] ^= 1;
  EXPECT_NE(compare_golden(own, "same", many_slightly), "");
  Picture few_slightly = good;
  for (std::size_t i = 0; i < 4 * 100; i += 4) few_slightly.rgba[i] ^= 1;
  EXPECT_EQ(compare_golden(own, "same", few_slightly), "");
}

}  // namespace
}  // namespace fl::testing
