#pragma once
// A stage that draws again only what has changed, beside one that draws everything: the same pictures to the
// bit, whatever changes between them.

#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "tests/golden/flat_scene.h"
#include "tests/support/headless_stage.h"
#include "tests/support/synthetic_frame.h"

namespace fl::testing {

inline constexpr VkExtent2D kSmall{640, 360}, kLarger{800, 450}, kUpright{360, 640};

// What a picture is made from; tests change it between two pictures.
struct Lesson {
  std::uint32_t side = 33, path_points = 120;
  double start_a = 1.55, lift = 0.6;
  bool test_surface = false;
  std::uint32_t unknown_cells = 0;  // at the end of the grid, every second one predicted
  float level = 0;                  // added to all losses
  std::uint32_t paths = 0;          // several
  flat::Content content{.done = 20};
  float activation = 1;
  std::uint32_t more_steps = 0;  // added to the step
  bool lost = false;             // the ball is no number
  float stretch = 1;             // of the plane: other ticks, and the path lies elsewhere
  std::uint32_t mapped = 40;     // images on the map
  float sure = 1;                // of the head there
  float steeper = 1;             // of all gradients
  float certain = 0;             // added to the first class's probability, in the header alone
  std::uint32_t marks = 0;       // of a step's phase
  float marked = 0.3F;           // how long they are
};

inline FrameCapacity capacity() {
  FrameCapacity capacity = flat::content_capacity();
  capacity.grid_side = 65;
  capacity.test_surface = true;
  capacity.phase_marks = 8;
  return capacity;
}

// An arrow, a square and a ghost by turns, about the ball.
inline void put_marks(const FrameSlot& slot, Frame& frame, const Lesson& lesson) {
  const PathPoint& ball = frame.header.ball;
  for (std::uint32_t i = 0; i < lesson.marks; ++i)
    slot.phase_marks()[i] = {.from_a = ball.a,
                             .from_b = ball.b,
                             .to_a = ball.a - lesson.marked,
                             .to_b = ball.b + lesson.marked * static_cast<float>(i + 1),
                             .loss = ball.real_loss,
                             .kind = i % 3,
                             .role = i,
                             .before = i / 3 % 2};
  frame.facts.phase.marks = lesson.marks;
}

inline void split_paths(const FrameSlot& slot, Frame& frame, std::uint32_t paths) {
  const std::uint32_t each = frame.header.path_count / paths;
  frame.header.several_paths = paths;
  for (std::uint32_t i = 0; i < paths; ++i) {
    for (std::uint32_t k = 0; k < each; ++k) slot.path()[i * each + k].a -= 0.1f * static_cast<float>(i);
    frame.header.paths[i] = {.first = i * each,
                             .count = each,
                             .color = i,
                             .diverged = 0,
                             .ball = slot.path()[i * each + each - 1]};
  }
  frame.facts.curve_loss_max = 6;
  frame.facts.curve_loss_min = 0.2f;
}

inline Frame fill(const FrameSlot& slot, const Lesson& lesson) {
  Frame frame;
  flat::fill_content(lesson.content, slot, frame);
  const FrameFacts curves = frame.facts;
  const Frame hills = fill_synthetic(slot, {.side = lesson.side,
                                            .start_a = lesson.start_a,
                                            .path_points = lesson.path_points,
                                            .test_surface = lesson.test_surface,
                                            .lift = lesson.lift});
  frame.facts = hills.facts;
  frame.facts.step = curves.step + lesson.more_steps;
  frame.facts.total_steps = curves.total_steps;
  frame.facts.step_count = curves.step_count;
  frame.facts.epoch_count = curves.epoch_count;
  frame.facts.last_epoch = curves.last_epoch;
  frame.facts.curve_loss_max = curves.curve_loss_max;
  frame.facts.gradient_norms = curves.gradient_norms;
  frame.facts.update_norms = curves.update_norms;
  frame.facts.last_step = curves.last_step;
  frame.facts.rates = curves.rates;
  frame.facts.last_rate = curves.last_rate;
  frame.facts.class_points = curves.class_points;
  frame.facts.curve_classes = curves.curve_classes;
  frame.facts.class_accuracy = curves.class_accuracy;
  frame.facts.earlier_count = curves.earlier_count;
  frame.facts.earlier = curves.earlier;
  for (StepPoint& point : slot.steps()) point.gradient_norm *= lesson.steeper;
  frame.facts.layer_count = curves.layer_count;
  frame.facts.class_count = curves.class_count;
  flat::fill_map(lesson.mapped, slot, frame);
  for (float& logit : slot.map_logits()) logit *= lesson.sure;
  const FrameHeader layers = frame.header;
  frame.header = hills.header;
  frame.header.steps_per_epoch = layers.steps_per_epoch;
  frame.header.step_stride = layers.step_stride;
  frame.header.image_label = layers.image_label;
  frame.header.image_prediction = layers.image_prediction;
  frame.header.layers = layers.layers;
  frame.header.probabilities = layers.probabilities;
  for (float& value : slot.features()) value *= lesson.activation;
  const std::size_t cells = std::size_t{lesson.side} * lesson.side;
  for (std::size_t i = cells - lesson.unknown_cells; i < cells; ++i)
    slot.cells()[i] = i % 2 == 0 ? kCellUnknown : kCellPredicted;
  frame.facts.grid_evaluated -= lesson.unknown_cells;
  for (float& height : slot.heights().first(cells)) height += lesson.level;
  frame.facts.loss_max += lesson.level;
  if (lesson.paths > 0 && lesson.path_points >= lesson.paths) split_paths(slot, frame, lesson.paths);
  put_marks(slot, frame, lesson);
  frame.header.a_min *= lesson.stretch;
  frame.header.a_max *= lesson.stretch;
  frame.header.probabilities[0] += lesson.certain;
  if (lesson.lost) frame.header.ball.real_loss = std::numeric_limits<float>::quiet_NaN();
  return frame;
}

class Kept : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    env_ = HeadlessStage::get(reason);
    if (env_ == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(env_->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    ring_.emplace(*env_->device, capacity());
    sets_.emplace(*env_->device, ring_->layout(), ring_->buffers());
    kept_.emplace(*env_->device, *env_->font, StageOptions{.color_format = Capture::kFormat, .samples = 1});
    whole_.emplace(*env_->device, *env_->font,
                   StageOptions{.color_format = Capture::kFormat, .samples = 1, .keeps = false});
    texts_ = flat::content_texts(2);
    resize(kSmall);
    view_.time = 0;
  }
  void TearDown() override {
    if (env_ == nullptr) return;
    for (const std::string& message : validation_messages()) ADD_FAILURE() << message;
  }

  void resize(VkExtent2D extent) {
    kept_capture_.emplace(*env_->device, extent);
    whole_capture_.emplace(*env_->device, extent);
    const Rect area = Stage::layout(extent, view_).landscape;
    view_.camera.fit(area.width / area.height);
  }

  void publish() {
    const auto slot = ring_->try_begin_write();
    ASSERT_TRUE(slot);
    Frame frame = fill(*slot, lesson_);
    if (alter_) alter_(*slot, frame);
    ring_->publish(*slot, frame);
    if (frame_) ring_->abandoned(*frame_);
    frame_ = ring_->acquire_latest();
    view_.content = frame_->number;
    view_.contents = frame_->contents;
  }

  // The next picture is the same on both stages; returns how much of it was drawn again.
  float expect_same(const std::string& what) {
    view_.time += 0.05;
    const auto shoot = [&](Stage& stage, Capture& capture) {
      return capture.shoot(stage, sets_->set(frame_->slot), *frame_, view_, texts_);
    };
    const Picture kept = shoot(*kept_, *kept_capture_);
    const Picture whole = shoot(*whole_, *whole_capture_);
    EXPECT_EQ(whole_->redrawn(), 1);
    EXPECT_EQ(kept.rgba.size(), whole.rgba.size());
    EXPECT_EQ(differing(kept, whole), "") << what;
    last_ = kept;
    return kept_->redrawn();
  }
  // While heights are on their way, when they are there, and once more.
  void arrive(const std::string& what) {
    for (const double later : {0.0, 1.0, 0.0}) {
      view_.time += later;
      expect_same(what);
    }
  }
  void settle() {
    publish();
    arrive("the beginning");
  }

  // Where two pictures differ, in words; empty where they are the same.
  static std::string differing(const Picture& a, const Picture& b) {
    std::size_t count = 0;
    std::uint32_t left = a.width, right = 0, top = a.height, bottom = 0;
    for (std::uint32_t i = 0; i < a.width * a.height; ++i) {
      if (std::equal(&a.rgba[4 * i], &a.rgba[4 * i] + 4, &b.rgba[4 * i])) continue;
      ++count;
      left = std::min(left, i % a.width), right = std::max(right, i % a.width);
      top = std::min(top, i / a.width), bottom = std::max(bottom, i / a.width);
    }
    return count == 0 ? "" : fmt::format("{} pixels in {}..{} x {}..{}", count, left, right, top, bottom);
  }

  HeadlessStage* env_ = nullptr;
  std::optional<HostRing> ring_;
  std::optional<SlotSets> sets_;
  std::optional<Stage> kept_, whole_;
  std::optional<Capture> kept_capture_, whole_capture_;
  std::optional<AcquiredFrame> frame_;
  Lesson lesson_;
  std::function<void(const FrameSlot&, Frame&)> alter_;
  StageView view_;
  StageTexts texts_;
  Picture last_;
};

}  // namespace fl::testing
