// Pictures of text, feature wall, bars and curves against stored ones.
#include <array>
#include <cmath>

#include "engine/stage/stage_layout.h"
#include "tests/golden/flat_fixture.h"

namespace fl::flat {
namespace {

INSTANTIATE_TEST_SUITE_P(Themes, Flat, ::testing::ValuesIn(kLooks),
                         [](const auto& look) { return look.param.name; });

void append_sample_lines(const Theme& theme, std::vector<ScreenLabel>& labels) {
  float y = 12;
  for (const float size : {12.F, 13.F, 15.F, 17.F, 22.F, 32.F, 48.F, 64.F}) {
    y = std::round(y + 1.25F * size);
    labels.push_back({.text = "Test 0.55 \u00B7 \u03B1 \u03B2 \u03C1 \u03B8 \u03BB \u03C3 \u03B7 \u2192 "
                              "\u22123.2\u00D710\u207B\u2074 \u00C5ngstr\u00F6m \u017B\u00F3\u0142\u0107",
                      .pixel = {20, y},
                      .size = size,
                      .color = theme.text});
    y = std::round(y + 1.25F * size);
    labels.push_back({.text = "Train 0.42 \u2013 H\u00E4morrhagie\u2026 AVATAR \U000F0000",
                      .pixel = {20, y},
                      .size = size,
                      .color = theme.text_muted,
                      .weight = Weight::kBold});
  }
}

// Every alignment, about a cross on its anchor.
void append_alignments(const PassContext& context, const PanelPass& panels,
                       std::vector<ScreenLabel>& labels) {
  ScreenLabel label{.text = "Align", .size = 17, .color = context.theme.text};
  for (const int column : {0, 1, 2}) {
    for (const int row : {0, 1, 2, 3}) {
      label.pixel = {640 + 110 * column, 24 + 36 * row};
      label.align_x = static_cast<AlignX>(column);
      label.align_y = static_cast<AlignY>(row);
      labels.push_back(label);
      const glm::vec2 at = label.pixel;
      panels.draw(context, Panel{.rect = {at.x - 12, at.y, 24, 1}, .fill = context.theme.axis});
      panels.draw(context, Panel{.rect = {at.x, at.y - 12, 1, 24}, .fill = context.theme.axis});
    }
  }
  label = {.text = "loss", .pixel = {940, 100}, .size = 17, .color = context.theme.test, .upward = true};
  labels.push_back(label);
}

// Over a restless ground, an outline keeps words readable.
void append_outlined(const PassContext& context, const PanelPass& panels, std::vector<ScreenLabel>& labels) {
  panels.draw(context, Panel{.rect = {600, 165, 340, 56},
                             .fill = context.theme.train,
                             .border_color = context.theme.axis,
                             .radius = 12,
                             .border = 2});
  for (int i = 0; i < 32; ++i) {
    const float x = 612 + 10 * static_cast<float>(i);
    panels.draw(context, Panel{.rect = {x, 172, 5, 42}, .fill = context.theme.test});
  }
  labels.push_back({.text = "minimum 0.0312",
                    .pixel = {770, 193},
                    .size = 24,
                    .color = context.theme.text,
                    .align_x = AlignX::kCentre,
                    .align_y = AlignY::kMiddle,
                    .outline = 3,
                    .outline_color = context.theme.panel});
}

TEST_P(Flat, Text) {
  expect_golden("text", {960, 540}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    append_sample_lines(context.theme, labels);
    append_alignments(context, scene_->panels(), labels);
    append_outlined(context, scene_->panels(), labels);
  });
}

TEST_P(Flat, Tiles) {
  publish({});
  expect_golden("tiles", {960, 540}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->tiles().draw(context, {20, 14, 420, 512}, texts(), labels);
    // Too small for all channels.
    scene_->tiles().draw(context, {470, 14, 470, 270}, texts(), labels);
  });
}

TEST_P(Flat, Heat) {
  publish({.heat = true});
  expect_golden("heat", {760, 320}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->tiles().draw(context, {20, 14, 290, 292}, texts(), labels);
    scene_->tiles().draw_close_up(context, {330, 14, 410, 292}, {0, 0}, texts(), labels);
  });
}

TEST_P(Flat, Bars) {
  publish({});
  expect_golden("bars_right", {460, 120}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->bars().draw(context, {20, 14, 420, 90}, texts(), labels);
  });
  publish({.classes = 12, .label = 4, .wrong = true});
  expect_golden("bars_wrong", {940, 370}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->bars().draw(context, {20, 14, 420, 340}, texts(), labels);
    scene_->bars().draw(context, {500, 14, 420, 100}, texts(), labels);  // not room for all
  });
}

TEST_P(Flat, Curves) {
  publish({.done = 35});
  expect_golden("curves_many", {960, 530}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->curves().draw(context, {20, 14, 440, 500}, labels);
    scene_->curves().draw(context, {490, 14, 450, 224}, labels);
  });
  publish({.epochs = 10, .done = 8, .steps_per_epoch = 12, .gaps = true});
  expect_golden("curves_few", {480, 530}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->curves().draw(context, {20, 14, 440, 500}, labels);
  });
}

// Each kind of curves, in a card's room and in a small one.
TEST_P(Flat, CurvesOfEveryKind) {
  publish({.done = 35, .classes = 5});
  const StageTexts names = texts();
  for (const CurvesKind kind : {CurvesKind::kNorms, CurvesKind::kRate, CurvesKind::kClasses}) {
    const std::string name = kCurvesKinds.at(static_cast<std::size_t>(kind));
    expect_golden(
        ("curves_" + name).c_str(), {960, 400},
        [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
          scene_->curves().draw(context, {20, 14, 440, 370}, labels, {.kind = kind}, names);
          scene_->curves().draw(context, {490, 14, 450, 224}, labels, {.kind = kind, .steps = true}, names);
        });
  }
}

TEST_P(Flat, CurvesWithEarlierRuns) {
  publish({.done = 20, .earlier = 3});
  expect_golden("curves_earlier", {960, 530},
                [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
                  scene_->curves().draw(context, {20, 14, 440, 500}, labels);
                  scene_->curves().draw(context, {490, 14, 450, 224}, labels, {.steps = true});
                  scene_->curves().draw(context, {490, 290, 450, 224}, labels, {.loss_axis = LossAxis::kLog});
                });
}

// What is not a number is a hole, of every kind.
TEST_P(Flat, CurvesWithHoles) {
  publish({.epochs = 10, .done = 8, .steps_per_epoch = 12, .gaps = true, .earlier = 1});
  const StageTexts names = texts();
  expect_golden(
      "curves_holes", {960, 400}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, {20, 14, 440, 370}, labels, {.kind = CurvesKind::kNorms}, names);
        scene_->curves().draw(context, {490, 14, 450, 224}, labels, {.kind = CurvesKind::kClasses}, names);
      });
}

TEST_P(Flat, WordsBeyondTheBufferAreLeftOut) {
  scene_->draw(info({320, 180}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    const ScreenLabel label{.text = "0123456789", .pixel = {20, 90}, .size = 12, .color = context.theme.text};
    labels.assign(TextPass::kMaxQuads / 10 + 100, label);
  });
}

TEST_P(Flat, NothingBeforeTheFirstPublishButAxes) {
  std::size_t words = 0;
  scene_->draw(info({960, 540}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->tiles().draw(context, {20, 14, 420, 500}, texts(), labels);
    scene_->bars().draw(context, {20, 14, 420, 500}, texts(), labels);
    EXPECT_TRUE(labels.empty());
    scene_->curves().draw(context, {20, 14, 420, 500}, labels);
    words = labels.size();
  });
  EXPECT_GT(words, 4U);
}

}  // namespace
}  // namespace fl::flat
