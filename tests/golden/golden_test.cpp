// What the stage draws, against references. The surface is a real function and the path a real descent on
// it (tests/support/synthetic_frame.h). Any message of the validation layer fails a test.

#include "tests/support/golden.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/headless_stage.h"
#include "tests/support/synthetic_frame.h"
#include "trainer/base/atomic_file.h"

namespace fl::testing {
namespace {

constexpr VkExtent2D kExtent{640, 360};
const GoldenFolders kFolders{std::filesystem::path(FALLLINE_SOURCE_DIR) / "tests/golden/reference",
                             FALLLINE_GOLDEN_FAILED};

class Golden : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    env_ = HeadlessStage::get(reason);
    if (env_ == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(env_->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    ring_.emplace(*env_->device, FrameCapacity{.test_surface = true});
    sets_.emplace(*env_->device, ring_->layout(), ring_->buffers());
    capture_.emplace(*env_->device, kExtent);
    view_.parts = {false, false, false};
    view_.words = false;  // another version of the typeface is no fault of the landscape
    view_.camera.fit(static_cast<float>(kExtent.width) / static_cast<float>(kExtent.height));
  }

  void TearDown() override {
    if (env_ == nullptr) return;
    for (const std::string& message : validation_messages()) ADD_FAILURE() << message;
  }

  // Writes a synthetic frame, lets `change` alter it, publishes and acquires it.
  template <typename Change>
  void publish(const SyntheticOptions& options, Change change) {
    const auto slot = ring_->try_begin_write();
    ASSERT_TRUE(slot);
    FrameHeader header = fill_synthetic(*slot, options);
    change(*slot, header);
    ring_->publish(*slot, header);
    frame_ = ring_->acquire_latest();
    ASSERT_TRUE(frame_);
  }
  void publish(const SyntheticOptions& options) {
    publish(options, [](const FrameSlot&, FrameHeader&) {});
  }
  Picture shoot() {
    return capture_->shoot(*env_->stage, sets_->set(frame_->slot), frame_->header, view_, {});
  }
  void expect_golden(const std::string& name) { EXPECT_EQ(compare_golden(kFolders, name, shoot()), ""); }

  static constexpr SyntheticOptions kNoPath{.path_points = 0};
  HeadlessStage* env_ = nullptr;
  std::optional<HostRing> ring_;
  std::optional<SlotSets> sets_;
  std::optional<Capture> capture_;
  std::optional<AcquiredFrame> frame_;
  StageView view_;
};

TEST_F(Golden, LandscapeLinear) {
  publish(kNoPath);
  expect_golden("landscape_linear");
}

TEST_F(Golden, LandscapeLogLight) {
  view_.log_height = true;
  view_.theme = &light_theme();
  view_.camera.yaw = 2.4f;
  publish(kNoPath);
  expect_golden("landscape_log_light");
}

TEST_F(Golden, HolesAreLeftOut) {
  publish(kNoPath, [](const FrameSlot& slot, const FrameHeader& header) {
    const auto side = static_cast<int>(header.grid_side);
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

TEST_F(Golden, CoarseLevelIsPalerUntilEvaluated) {
  publish(kNoPath, [](const FrameSlot& slot, FrameHeader& header) {
    // 17 x 17 evaluated, bilinear between them; a quarter is refined already.
    const std::uint32_t side = header.grid_side;
    constexpr std::uint32_t kStep = 8;
    header.grid_complete = 17;
    header.grid_evaluated = 17 * 17 + 64 * 64;
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
        slot.cells()[row * side + column] = static_cast<std::uint32_t>(CellState::kInterpolated);
      }
  });
  expect_golden("landscape_coarse");
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

TEST_F(Golden, TestSurfaceIsGlassOverTheTrainingSurface) {
  publish({.rate = 0.004, .path_points = 160, .test_surface = true});
  expect_golden("landscape_two_surfaces");
}

TEST_F(Golden, TestSurfaceLight) {
  view_.theme = &light_theme();
  view_.colors = &color_map("ember");
  view_.camera.yaw = -0.5f;
  publish({.rate = 0.004, .path_points = 160, .test_surface = true});
  expect_golden("landscape_two_surfaces_light");
}

// Four descents from one start, each its colour.
TEST_F(Golden, SeveralPathsLight) {
  view_.theme = &light_theme();
  view_.colors = &color_map("slate");
  publish({.rate = 0.004, .path_points = 160}, [](const FrameSlot& slot, FrameHeader& header) {
    header.several_paths = 4;
    header.path_count = 160;
    for (std::uint32_t i = 0; i < 4; ++i) {
      for (std::uint32_t k = 0; k < 40; ++k) {
        PathPoint& point = slot.path()[i * 40 + k];
        point.a = 1.55f - 0.05f * static_cast<float>(k) + 0.004f * static_cast<float>(i * k);
        point.b = 1.30f - 0.015f * static_cast<float>(i * k);
        point.real_loss = point.slice_loss = static_cast<float>(basins(point.a, point.b));
        point.off_plane = 0;
      }
      header.paths[i] = {.first = i * 40, .count = 40, .color = i + 1, .ball = slot.path()[i * 40 + 39]};
    }
  });
  expect_golden("paths_several_light");
}

// Losses on the bold contour lines: words only, so that another version of the typeface fails no other test.
TEST_F(Golden, ContourLinesCarryTheirLoss) {
  publish(kNoPath);
  const Picture silent = shoot();
  view_.words = true;
  const Picture labelled = shoot();
  const auto& header = frame_->header;
  const auto levels = contour_levels(surface_scale(header, false), 8);
  EXPECT_GE(levels.size(), 2u);
  EXPECT_LE(levels.size(), 8u);
  // White ink with its dark ground, on the surface: in the middle of the picture are no other words.
  std::size_t ink = 0;
  for (std::uint32_t y = kExtent.height / 4; y < 3 * kExtent.height / 4; ++y)
    for (std::uint32_t x = 2 * kExtent.width / 5; x < 3 * kExtent.width / 5; ++x) {
      const std::uint8_t* p = &labelled.rgba[4 * (y * kExtent.width + x)];
      const std::uint8_t* q = &silent.rgba[4 * (y * kExtent.width + x)];
      ink += p[0] > 200 && p[1] > 200 && p[2] > 200 && q[0] < 180 ? 1 : 0;
    }
  EXPECT_GT(ink, 15u);
  EXPECT_LT(ink, 2000u);
}

// As a window on a CPU device draws it: one sample, and the edge filter in place of three more.
TEST_F(Golden, EdgeFilterInPlaceOfSamples) {
  publish({.rate = 0.004, .path_points = 160});
  Stage stage(*env_->device, *env_->font, {.color_format = Capture::kFormat, .samples = 1});
  const Picture picture = capture_->shoot(stage, sets_->set(frame_->slot), frame_->header, view_, {});
  EXPECT_EQ(compare_golden(kFolders, "edge_filter", picture), "");
}

// A new surface is reached within 0.4 seconds, evenly: no frame jumps, and the last one is the surface itself.
TEST_F(Golden, HeightsFlowToANewSurface) {
  view_.time = 10;
  publish(kNoPath);
  const Picture old_surface = shoot();
  ring_->release(frame_->slot);
  publish(kNoPath, [](const FrameSlot& slot, const FrameHeader& header) {
    for (float& height : slot.heights()) height = header.loss_min + header.loss_max - height;
  });
  view_.time = -1;
  const Picture new_surface = shoot();  // a single picture shows it at once
  ring_->release(frame_->slot);
  publish(kNoPath);
  view_.time = 20;
  EXPECT_EQ(shoot().rgba, old_surface.rgba);
  ring_->release(frame_->slot);
  publish(kNoPath, [](const FrameSlot& slot, const FrameHeader& header) {
    for (float& height : slot.heights()) height = header.loss_min + header.loss_max - height;
  });
  std::vector<Picture> film;
  for (int frame = 1; frame <= 20; ++frame) {
    view_.time = 20 + frame / 30.0;
    view_.content = 77;  // the same for all of them: only the first is new
    film.push_back(shoot());
  }
  const auto mean = [](const Picture& a, const Picture& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(int{a.rgba[i]} - int{b.rgba[i]});
    return sum / static_cast<double>(a.rgba.size());
  };
  const double whole = mean(old_surface, new_surface);
  EXPECT_GT(whole, 1);
  EXPECT_LT(mean(film[0], old_surface), 0.6 * whole);
  EXPECT_GT(mean(film[3], old_surface), 0.1 * whole);
  EXPECT_LT(mean(film[11], new_surface), 0.1 * whole);  // 0.4 s
  EXPECT_EQ(film.back().rgba, new_surface.rgba);
  EXPECT_FALSE(env_->stage->moving());
}

// What is kept from the frame before is what would be computed again.
TEST_F(Golden, KeptReliefIsTheSameToTheBit) {
  publish({.rate = 0.004, .path_points = 60});
  const Picture fresh = shoot();
  view_.content = 5;
  EXPECT_EQ(shoot().rgba, fresh.rgba);
  EXPECT_EQ(shoot().rgba, fresh.rgba);
  view_.camera.yaw += 0.3f;  // another light
  const Picture turned = shoot();
  view_.content = 0;
  EXPECT_EQ(shoot().rgba, turned.rgba);
}

// Sizes that no landscape has, numbers that are none: a picture, and no message of the validation layer.
TEST_F(Golden, OddGridsAreDrawn) {
  view_.words = true;
  for (const std::uint32_t side : {1u, 2u, 3u, 100u, 4097u}) {
    HostRing ring(*env_->device, FrameCapacity{.grid_side = side, .path_points = 1});
    const SlotSets sets(*env_->device, ring.layout(), ring.buffers());
    const auto slot = ring.try_begin_write();
    ASSERT_TRUE(slot);
    FrameHeader header = fill_synthetic(*slot, {.side = side, .path_points = 0});
    if (side == 3)
      for (float& height : slot->heights()) height = std::numeric_limits<float>::quiet_NaN();
    if (side == 2) header.loss_min = header.loss_max = std::numeric_limits<float>::quiet_NaN();
    ring.publish(*slot, header);
    const auto frame = ring.acquire_latest();
    ASSERT_TRUE(frame);
    const Picture picture = capture_->shoot(*env_->stage, sets.set(frame->slot), frame->header, view_, {});
    EXPECT_FALSE(side >= 100 && near_blank(picture)) << side;
    env_->device->wait_idle();
  }
}

std::size_t differing(const Picture& a, const Picture& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4)
    count += std::equal(a.rgba.begin() + static_cast<std::ptrdiff_t>(i),
                        a.rgba.begin() + static_cast<std::ptrdiff_t>(i + 4),
                        b.rgba.begin() + static_cast<std::ptrdiff_t>(i))
                 ? 0
                 : 1;
  return count;
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
      ring_->release(frame_->slot);
      publish({.path_points = 2}, [&](const FrameSlot& slot, FrameHeader& header) {
        header.ball.*member = slot.path()[0].*member = slot.path()[1].*member = bad;
      });
      EXPECT_EQ(differing(without, shoot()), 0u) << bad;
    }
}

TEST_F(Golden, OnePointThatIsNoNumberLeavesAGapInThePath) {
  publish({.rate = 0.004, .path_points = 60});
  const Picture whole = shoot();
  for (float PathPoint::*const member :
       {&PathPoint::a, &PathPoint::real_loss, &PathPoint::off_plane, &PathPoint::step_length}) {
    ring_->release(frame_->slot);
    publish({.rate = 0.004, .path_points = 60}, [&](const FrameSlot& slot, FrameHeader&) {
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
  ring_->release(frame_->slot);
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
    return capture_->shoot(*env_->stage, sets_->set(frame_->slot), frame_->header, view_, texts);
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
  height = frame_->header.loss_max;
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
  const FrameHeader none;
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
