#pragma once
// What the golden tests of the 3-D view share: a stage, a ring, and a picture of what was published last.

#include "tests/support/golden.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/headless_stage.h"
#include "tests/support/synthetic_frame.h"

namespace fl::testing {

inline constexpr VkExtent2D kExtent{640, 360};
inline const GoldenFolders kFolders{std::filesystem::path(FALLLINE_SOURCE_DIR) / "tests/golden/reference",
                             FALLLINE_GOLDEN_FAILED};

class Golden : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    env_ = HeadlessStage::get(reason);
    if (env_ == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(env_->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    ring_.emplace(*env_->device, FrameCapacity{.test_surface = true, .phase_marks = 16});
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
    Frame frame = fill_synthetic(*slot, options);
    change(*slot, frame);
    ring_->publish(*slot, frame);
    frame_ = ring_->acquire_latest();
    ASSERT_TRUE(frame_);
  }
  void publish(const SyntheticOptions& options) {
    publish(options, [](const FrameSlot&, Frame&) {});
  }
  Picture shoot() { return capture_->shoot(*env_->stage, sets_->set(frame_->slot), *frame_, view_, {}); }
  void expect_golden(const std::string& name) { EXPECT_EQ(compare_golden(kFolders, name, shoot()), ""); }

  static constexpr SyntheticOptions kNoPath{.path_points = 0};
  HeadlessStage* env_ = nullptr;
  std::optional<HostRing> ring_;
  std::optional<SlotSets> sets_;
  std::optional<Capture> capture_;
  std::optional<AcquiredFrame> frame_;
  StageView view_;
};

// Pixels that are not the same.
inline std::size_t differing(const Picture& a, const Picture& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4)
    count += std::equal(a.rgba.begin() + static_cast<std::ptrdiff_t>(i),
                        a.rgba.begin() + static_cast<std::ptrdiff_t>(i + 4),
                        b.rgba.begin() + static_cast<std::ptrdiff_t>(i))
                 ? 0
                 : 1;
  return count;
}

}  // namespace fl::testing
