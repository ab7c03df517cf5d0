// A stage that draws again only what has changed, beside one that draws everything: the same pictures to the
// bit, whatever changes between them.

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "tests/golden/flat_scene.h"
#include "tests/support/headless_stage.h"
#include "tests/support/synthetic_frame.h"

namespace fl::testing {
namespace {

constexpr VkExtent2D kSmall{640, 360}, kLarger{800, 450}, kUpright{360, 640};

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

FrameCapacity capacity() {
  FrameCapacity capacity = flat::content_capacity();
  capacity.grid_side = 65;
  capacity.test_surface = true;
  capacity.phase_marks = 8;
  return capacity;
}

// An arrow, a square and a ghost by turns, about the ball.
void put_marks(const FrameSlot& slot, Frame& frame, const Lesson& lesson) {
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

void split_paths(const FrameSlot& slot, Frame& frame, std::uint32_t paths) {
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

Frame fill(const FrameSlot& slot, const Lesson& lesson) {
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

void turn_fill(StageView& view, StageFill part) {
  view.fill(view.filled() == part ? StageFill::kNone : part);
}

// Each change by itself, a step while everything is kept, and back.
struct Change {
  const char* name;
  std::function<void(Lesson&, StageView&, StageTexts&)> change;
};

const std::vector<Change>& changes() {
  static const std::vector<Change> all{
      {"path grew", [](Lesson& l, StageView&, StageTexts&) { l.path_points += 3; }},
      {"path begins elsewhere", [](Lesson& l, StageView&, StageTexts&) { l.start_a -= 0.4; }},
      {"reset", [](Lesson& l, StageView&, StageTexts&) { l.path_points = 1; }},
      {"no path", [](Lesson& l, StageView&, StageTexts&) { l.path_points = 0; }},
      {"path is back", [](Lesson& l, StageView&, StageTexts&) { l.path_points = 90; }},
      {"ball is no number", [](Lesson& l, StageView&, StageTexts&) { l.lost = !l.lost; }},
      {"ball above the surface", [](Lesson& l, StageView&, StageTexts&) { l.lift = l.lift > 1 ? 0 : 2.5; }},
      {"camera turned", [](Lesson&, StageView& v, StageTexts&) { v.camera.yaw += 0.11F; }},
      {"camera close",
       [](Lesson&, StageView& v, StageTexts&) { v.camera.distance = v.camera.distance < 2 ? 4 : 1.2F; }},
      {"theme", [](Lesson&, StageView& v, StageTexts&) { v.set_light(!v.light()); }},
      {"colours",
       [](Lesson&, StageView& v, StageTexts&) {
         v.colors = v.colors == &color_map("ember") ? &color_map({}) : &color_map("ember");
       }},
      {"words twice as large", [](Lesson&, StageView& v, StageTexts&) { v.presenter = !v.presenter; }},
      {"words away", [](Lesson&, StageView& v, StageTexts&) { v.words = !v.words; }},
      {"controls below",
       [](Lesson&, StageView& v, StageTexts&) { v.insets.bottom = v.insets.bottom > 0 ? 0 : 40; }},
      {"a panel beside",
       [](Lesson&, StageView& v, StageTexts&) { v.insets.left = v.insets.left > 0 ? 0 : 140; }},
      {"curves away", [](Lesson&, StageView& v, StageTexts&) { v.parts.curves = !v.parts.curves; }},
      {"bars away", [](Lesson&, StageView& v, StageTexts&) { v.parts.bars = !v.parts.bars; }},
      {"tiles away", [](Lesson&, StageView& v, StageTexts&) { v.parts.tiles = !v.parts.tiles; }},
      {"the landscape alone",
       [](Lesson&, StageView& v, StageTexts&) { turn_fill(v, StageFill::kLandscape); }},
      {"the wall alone", [](Lesson&, StageView& v, StageTexts&) { turn_fill(v, StageFill::kWall); }},
      {"the curves alone", [](Lesson&, StageView& v, StageTexts&) { turn_fill(v, StageFill::kCurves); }},
      {"map in the wall", [](Lesson&, StageView& v, StageTexts&) { v.parts.map = !v.parts.map; }},
      {"map on the stage",
       [](Lesson&, StageView& v, StageTexts&) { v.parts.large_map = !v.parts.large_map; }},
      {"images on the map",
       [](Lesson& l, StageView& v, StageTexts&) {
         l.mapped = l.mapped == 40 ? 90 : 40;
         v.parts.map = true;
       }},
      {"a surer head",
       [](Lesson& l, StageView& v, StageTexts&) {
         l.sure = l.sure > 1 ? 1 : 1.5F;
         v.parts.large_map = true;
       }},
      {"log height", [](Lesson&, StageView& v, StageTexts&) { v.height.choose(!v.height.log()); }},
      {"log losses",
       [](Lesson&, StageView& v, StageTexts&) {
         v.curves.loss_axis = v.curves.loss_axis == LossAxis::kLog ? LossAxis::kAuto : LossAxis::kLog;
       }},
      {"another kind of curves",
       [](Lesson&, StageView& v, StageTexts&) {
         v.curves.kind = static_cast<CurvesKind>((static_cast<int>(v.curves.kind) + 1) % 4);
       }},
      {"norms, and steeper",
       [](Lesson& l, StageView& v, StageTexts&) {
         l.steeper = l.steeper > 1 ? 1 : 1.2F;
         v.curves.kind = CurvesKind::kNorms;
       }},
      {"the rate, and an epoch",
       [](Lesson& l, StageView& v, StageTexts&) {
         ++l.content.done;
         v.curves.kind = CurvesKind::kRate;
       }},
      {"classes, and their names",
       [](Lesson&, StageView& v, StageTexts& t) {
         v.curves.kind = CurvesKind::kClasses;
         t.class_names = {t.title, "hemorrhage"};
       }},
      {"curves over steps", [](Lesson&, StageView& v, StageTexts&) { v.curves.steps = !v.curves.steps; }},
      {"an earlier run", [](Lesson& l, StageView&, StageTexts&) { l.content.earlier = (l.content.earlier + 1) % 4; }},
      {"earlier runs away",
       [](Lesson& l, StageView& v, StageTexts&) {
         l.content.earlier = 2;
         v.curves.earlier = !v.curves.earlier;
       }},
      {"flat wall", [](Lesson&, StageView& v, StageTexts&) { v.wall.room = !v.wall.room; }},
      {"tile chosen",
       [](Lesson&, StageView& v, StageTexts&) {
         v.wall.tile = v.wall.tile ? std::nullopt : std::optional(TileChoice{1, 3});
       }},
      {"a point more",
       [](Lesson& l, StageView&, StageTexts&) { l.unknown_cells = (l.unknown_cells + 63) % 64; }},
      {"evaluated points marked", [](Lesson&, StageView& v, StageTexts&) { v.points = !v.points; }},
      {"finer surface",
       [](Lesson& l, StageView&, StageTexts&) { l.side = l.side == 33 ? 65 : 33, l.unknown_cells = 0; }},
      {"higher", [](Lesson& l, StageView&, StageTexts&) { l.level = l.level > 0 ? 0 : 0.2F; }},
      {"test surface", [](Lesson& l, StageView&, StageTexts&) { l.test_surface = !l.test_surface; }},
      {"several paths",
       [](Lesson& l, StageView& v, StageTexts&) {
         l.paths = l.paths == 0 ? 3 : 0;
         v.parts.paths = l.paths > 0;
       }},
      {"feature maps", [](Lesson& l, StageView&, StageTexts&) { l.activation *= 1.3F; }},
      {"wrong answer", [](Lesson& l, StageView&, StageTexts&) { l.content.wrong = !l.content.wrong; }},
      {"more classes",
       [](Lesson& l, StageView&, StageTexts&) { l.content.classes = l.content.classes == 2 ? 5 : 2; }},
      {"an epoch", [](Lesson& l, StageView&, StageTexts&) { ++l.content.done; }},
      {"a step", [](Lesson& l, StageView&, StageTexts&) { ++l.more_steps; }},
      {"title", [](Lesson&, StageView&, StageTexts& t) { t.title += " again"; }},
      {"class names",
       [](Lesson&, StageView&, StageTexts& t) {
         t.class_names = {"normal", t.title};
       }},
      {"message",
       [](Lesson&, StageView&, StageTexts& t) { t.message = t.message.empty() ? "saved in run" : ""; }},
      {"loading",
       [](Lesson&, StageView&, StageTexts& t) {
         t.loading = t.loading ? std::nullopt : std::optional(LoadingNote{"phantoms", "300 of 600", 0.5});
       }},
      {"a ray",
       [](Lesson&, StageView& v, StageTexts&) {
         v.ray = v.ray ? std::nullopt : std::optional(v.camera.ray({200, 180}, {397, 360}));
       }},
      {"path leaves the surface",
       [](Lesson& l, StageView&, StageTexts&) {
         l.start_a = l.start_a > 2 ? 1.55 : 3.1;
         l.path_points = 60;
       }},
      {"few points high above",
       [](Lesson& l, StageView&, StageTexts&) {
         l.path_points = 3;
         l.lift = 3;
       }},
      {"wider plane", [](Lesson& l, StageView&, StageTexts&) { l.stretch = l.stretch > 1 ? 1 : 1.3F; }},
      {"surer", [](Lesson& l, StageView&, StageTexts&) { l.certain = l.certain > 0 ? 0 : 0.1F; }},
      {"few epochs",
       [](Lesson& l, StageView&, StageTexts&) { l.content.done = l.content.done > 2 ? 2 : 20; }},
      {"many steps", [](Lesson& l, StageView&, StageTexts&) { l.more_steps += 3000; }},
      {"a phase of a step", [](Lesson& l, StageView&, StageTexts&) { l.marks = l.marks == 0 ? 3 : 0; }},
      {"all marks", [](Lesson& l, StageView&, StageTexts&) { l.marks = l.marks == 8 ? 1 : 8; }},
      {"longer marks",
       [](Lesson& l, StageView&, StageTexts&) {
         l.marks = 4;
         l.marked = l.marked > 1 ? 0.3F : 1.7F;
       }},
      {"nothing", [](Lesson&, StageView&, StageTexts&) {}}};
  return all;
}

TEST_F(Kept, EveryKindOfChangeIsDrawn) {
  settle();
  for (const Change& change : changes()) {
    SCOPED_TRACE(change.name);
    const Lesson lesson = lesson_;
    const StageView view = view_;
    const StageTexts texts = texts_;
    change.change(lesson_, view_, texts_);
    publish();
    for (int i = 0; i < 10; ++i)
      expect_same(change.name);  // until the heights are there, and everything is kept
    lesson_.path_points += 1;
    publish();
    expect_same("then a step");
    lesson_.path_points += 7;
    publish();
    expect_same("then several");
    lesson_ = lesson;
    const double time = view_.time;
    view_ = view;
    view_.time = time;
    texts_ = texts;
    publish();
    view_.time += 1;  // without a way there: that is seen above
    expect_same("and back");
    expect_same("there again");
  }
}

TEST_F(Kept, ManyChangesInAnyOrder) {
  settle();
  std::mt19937 random(7);
  for (int picture = 0; picture < 120 && !HasFailure(); ++picture) {
    std::string names;
    for (std::uint32_t i = random() % 3; i > 0; --i) {
      const Change& change = changes()[random() % changes().size()];
      names += change.name + std::string(", ");
      change.change(lesson_, view_, texts_);
    }
    if (random() % 23 == 0) resize(random() % 2 == 0 ? kUpright : kLarger);
    if (random() % 4 != 0) ++lesson_.path_points;
    if (random() % 6 == 0)
      view_.parts = {.tiles = true, .bars = true, .curves = true, .paths = lesson_.paths > 0};
    if (random() % 6 == 0) view_.camera.distance = 4;
    if (random() % 3 != 0) publish();
    if (random() % 5 == 0) view_.time += 1;
    expect_same(fmt::format("picture {}: {}", picture, names));
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
