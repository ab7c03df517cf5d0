// Every kind of change, each by itself and many in any order.
#include <random>

#include "tests/golden/kept_fixture.h"

namespace fl::testing {
namespace {

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

}  // namespace
}  // namespace fl::testing
