// The charts' axes: what they hold, where they end, what they say.

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/charts/curves_layout.h"
#include "engine/text/font.h"
#include "engine/text/text_layout.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

TEST(CurvesLayout, EpochsEndWithThePlansLast) {
  Frame frame;
  EXPECT_EQ(last_axis_epoch(frame), 1);
  frame.header.steps_per_epoch = 40;
  frame.facts.total_steps = 40;
  EXPECT_EQ(last_axis_epoch(frame), 1);
  frame.facts.total_steps = 2000;
  frame.facts.step = 80;
  EXPECT_EQ(last_axis_epoch(frame), 49);
  frame.facts.step = 2000;
  frame.facts.epoch_count = 50;
  EXPECT_EQ(last_axis_epoch(frame), 49);
  frame.facts.step = 2400;  // went on beyond the plan
  EXPECT_GE(last_axis_epoch(frame), 59);
}

TEST(CurvesLayout, LargeLossesStandOnALogarithm) {
  Frame frame;
  frame.facts.epoch_count = 3;
  frame.facts.last_epoch = {.loss = 0.02F, .test_loss = std::nanf("")};
  frame.facts.curve_loss_max = 99;
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1).upper.log);
  for (const float largest : {101.F, 1e3F, 6.7e9F, 1e30F, 3e38F}) {
    frame.facts.curve_loss_max = largest;
    const CurvesLayout layout = lay_out_curves(frame, {0, 0, 448, 223}, font(), 1);
    EXPECT_TRUE(layout.upper.log);
    EXPECT_EQ(layout.upper.title, "loss (log)");
    EXPECT_LE(layout.upper.row(std::log10(0.02)), layout.upper.plot.bottom());
    EXPECT_GE(layout.upper.row(std::log10(largest)), layout.upper.plot.y - 0.01F);
    EXPECT_GE(layout.upper.y.count, 2);
    for (int i = 0; i < layout.upper.y.count; ++i) {
      EXPECT_LT(text_width(font(), FontWeight::kRegular, layout.upper.y_text(i), 15), 60);
    }
    // The accuracy has its own axis.
    EXPECT_FALSE(layout.lower.log);
  }
}

TEST(CurvesLayout, AChosenLogarithmGoesAsFarDownAsTheLosses) {
  Frame frame;
  frame.facts.epoch_count = 3;
  frame.facts.last_epoch = {.loss = 0.07F, .test_loss = 0.4F};
  frame.facts.curve_loss_max = 0.9F;
  frame.facts.curve_loss_min = 0.06F;
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1).upper.log);
  EXPECT_FALSE(
      lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, {.loss_axis = LossAxis::kLinear}).upper.log);
  for (const float height : {223.F, 420.F, 800.F}) {
    const ChartLayout chart =
        lay_out_curves(frame, {0, 0, 448, height}, font(), 1, {.loss_axis = LossAxis::kLog}).upper;
    EXPECT_TRUE(chart.log);
    EXPECT_LE(chart.low, std::log10(0.06F));
    EXPECT_GE(chart.most.y, std::log10(0.9F));
    ASSERT_GE(chart.y.count, 2);
    for (int i = 0; i < chart.y.count; ++i) {
      EXPECT_GE(chart.row(chart.y_at(i)), chart.plot.y - 0.1F);
      EXPECT_LE(chart.row(chart.y_at(i)), chart.plot.bottom() + 0.1F);
      if (i > 0) {
        EXPECT_GT(chart.row(chart.y_at(i - 1)) - chart.row(chart.y_at(i)), 15);  // numbers apart
      }
    }
  }
  // High enough: marks at 1, 2 and 5.
  const ChartLayout fine =
      lay_out_curves(frame, {0, 0, 448, 800}, font(), 1, {.loss_axis = LossAxis::kLog}).upper;
  EXPECT_EQ(fine.y_text(0), "0.05");
  EXPECT_EQ(fine.y_text(1), "0.1");
  EXPECT_EQ(fine.y_text(2), "0.2");
  frame.facts.curve_loss_max = 0;  // nothing to take a logarithm of
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, {.loss_axis = LossAxis::kLog}).upper.log);
}

TEST(CurvesLayout, DescentsBelowZeroStayLinear) {
  Frame frame;
  frame.header.several_paths = 2;
  frame.facts.total_steps = 100;
  frame.facts.curve_loss_max = 5;
  frame.facts.curve_loss_min = -3;
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, {.loss_axis = LossAxis::kLog}).upper.log);
  frame.facts.curve_loss_min = 0.02F;
  EXPECT_TRUE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, {.loss_axis = LossAxis::kLog}).upper.log);
}

TEST(CurvesLayout, ARaceHasLossOverAccuracyAlongItsOwnAxis) {
  Frame frame;
  frame.header.several_paths = frame.facts.race.lanes = 3;
  frame.facts.race.tested = 1;
  frame.facts.race.reach = 30;
  frame.facts.total_steps = 900;
  frame.facts.curve_loss_max = 1.4F;
  frame.facts.curve_loss_min = 0.02F;
  const Rect panel{700, 300, 448, 400};
  CurvesLayout layout = lay_out_curves(frame, panel, font(), 1);
  EXPECT_EQ(layout.upper.title, "loss");
  EXPECT_EQ(layout.lower.title, "test accuracy");
  EXPECT_STREQ(layout.lowest().x_name, "epoch");
  EXPECT_FLOAT_EQ(layout.upper.low, 0);
  EXPECT_FLOAT_EQ(layout.lower.most.y, 1);
  for (const ChartLayout* chart : {&layout.upper, &layout.lower}) {
    EXPECT_GT(chart->plot.x, panel.x);
    EXPECT_LT(chart->plot.right(), panel.right());
    EXPECT_GT(chart->plot.height, 100);
    EXPECT_FLOAT_EQ(chart->most.x, 30);
    EXPECT_FLOAT_EQ(chart->x_low, 0);
  }
  EXPECT_LT(layout.upper.plot.bottom(), layout.lower.title_baseline - layout.title_size / 2);
  EXPECT_LE(layout.lower.tick_baseline, panel.bottom());
  frame.facts.race.over_steps = 1;
  frame.facts.race.tested = 0;
  layout = lay_out_curves(frame, panel, font(), 1);
  EXPECT_STREQ(layout.lowest().x_name, "step");
  EXPECT_EQ(layout.lower.title, "accuracy");
  EXPECT_TRUE(lay_out_curves(frame, panel, font(), 1, {.loss_axis = LossAxis::kLog}).upper.log);
}

TEST(CurvesLayout, ChartsStandInsideThePanelAboveEachOther) {
  Frame frame;
  frame.header.steps_per_epoch = 40;
  frame.facts.total_steps = 2000;
  frame.facts.curve_loss_max = 0.93F;
  const Rect panel{700, 400, 448, 223};
  const CurvesLayout layout = lay_out_curves(frame, panel, font(), 1);
  for (const ChartLayout* chart : {&layout.upper, &layout.lower}) {
    EXPECT_GT(chart->plot.x, panel.x);
    EXPECT_LT(chart->plot.right(), panel.right());
    EXPECT_GT(chart->plot.height, 40);
    EXPECT_LT(chart->title_baseline, chart->plot.y);
    EXPECT_GE(chart->y.count, 2);
    EXPECT_GE(chart->x.count, 2);
  }
  EXPECT_LT(layout.upper.plot.bottom(), layout.lower.title_baseline - layout.title_size / 2);
  EXPECT_LE(layout.lower.tick_baseline, panel.bottom());
  EXPECT_FLOAT_EQ(layout.upper.most.y, 1);
  EXPECT_GE(layout.text_size, 15);
  EXPECT_GE(layout.title_size, 17);
}

TEST(CurvesLayout, SurvivesLossesThatAreNoScale) {
  Frame frame;
  for (const float loss : {0.F, -1.F, 1e30F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    frame.facts.curve_loss_max = loss;
    const CurvesLayout layout = lay_out_curves(frame, {0, 0, 448, 223}, font(), 1);
    EXPECT_TRUE(std::isfinite(layout.upper.most.y));
    EXPECT_GT(layout.upper.most.y, 0);
    EXPECT_LE(layout.upper.y.count, 11);
  }
}

// A loss of 0 has no logarithm: the axis goes on to a mark of its own below its least number.
TEST(LossAxis, OfALogarithmGoesOnToZero) {
  Frame frame;
  frame.header.steps_per_epoch = 4;
  frame.facts.total_steps = 240;
  frame.facts.step = 240;
  frame.facts.epoch_count = 60;
  frame.facts.curve_loss_max = 0.8F;
  frame.facts.curve_loss_min = 0.2F;
  frame.facts.last_epoch = {.loss = 0, .accuracy = 1, .test_loss = 0, .test_accuracy = 1};
  const Rect panel{0, 0, 420, 400};
  frame.facts.curve_loss_least = 0.3F;
  const ChartLayout all = lay_out_curves(frame, panel, font(), 1, {.loss_axis = LossAxis::kLog}).upper;
  EXPECT_EQ(all.below, 0) << "nothing lies there";
  EXPECT_NEAR(all.row(static_cast<double>(all.low)), all.plot.bottom(), 0.01);
  frame.facts.curve_loss_least = 0;
  const ChartLayout chart = lay_out_curves(frame, panel, font(), 1, {.loss_axis = LossAxis::kLog}).upper;
  EXPECT_GT(chart.below, 15) << "room for a number";
  EXPECT_NEAR(chart.row(static_cast<double>(chart.low)), chart.plot.bottom() - chart.below, 0.01);
  EXPECT_NEAR(chart.row(static_cast<double>(chart.most.y)), chart.plot.y, 0.01);
  EXPECT_EQ(lay_out_curves(frame, panel, font(), 1, {.loss_axis = LossAxis::kLinear}).upper.below, 0);
}

Frame trained(std::uint32_t epochs = 10) {
  Frame frame;
  frame.header.steps_per_epoch = 4;
  frame.facts.total_steps = frame.facts.step = frame.facts.step_count = 4 * epochs;
  frame.facts.epoch_count = epochs;
  frame.facts.curve_loss_max = 0.8F;
  return frame;
}
constexpr Rect kCard{700, 400, 448, 223};

TEST(CurvesLayout, OfNormsAndRateAllStepsHaveTheirPlace) {
  Frame frame = trained();
  for (const CurvesKind kind : {CurvesKind::kNorms, CurvesKind::kRate}) {
    const ChartLayout chart = lay_out_curves(frame, kCard, font(), 1, {.kind = kind}).lowest();
    EXPECT_EQ(chart.x_low, -0.5F);
    EXPECT_EQ(chart.most.x, 9.5F);
    EXPECT_NEAR(chart.column_of_tick(0), chart.plot.x + chart.plot.width / 20, 0.01);
  }
}

TEST(CurvesLayout, StepsAreCountedWhereTheyAreAskedFor) {
  Frame frame = trained();
  const ChartLayout chart = lay_out_curves(frame, kCard, font(), 1, {.steps = true}).lowest();
  EXPECT_STREQ(chart.x_name, "step");
  EXPECT_EQ(chart.x.value(0), 0);
  EXPECT_EQ(chart.x.last(), 40);
  EXPECT_NEAR(chart.column_of_tick(0), chart.plot.x, 0.01);
  // The end of step 40 is an eighth of an epoch before the edge.
  EXPECT_NEAR(chart.column_of_tick(chart.x.count - 1), chart.plot.right() - chart.plot.width / 80, 0.1);
}

TEST(CurvesLayout, NormsStandOnALogarithmWhateverTheyAre) {
  Frame frame = trained();
  const std::vector<std::vector<float>> series = {
      {}, {0.5F}, {0.3F, 0.9F}, {1e-9F, 1e30F}, {1e-30F, 1e-29F}, {3e38F}, {0, std::nanf(""), -1}};
  for (const auto& values : series) {
    frame.facts.gradient_norms = {};
    for (const float value : values) frame.facts.gradient_norms.add(value);
    const ChartLayout chart = lay_out_curves(frame, kCard, font(), 1, {.kind = CurvesKind::kNorms}).upper;
    EXPECT_EQ(chart.title, "gradient norm (log)");
    EXPECT_GE(chart.y.count, 2);
    EXPECT_LE(chart.y.count, 11);
    EXPECT_GT(chart.most.y, chart.low);
    for (const float value : values)
      if (value > 0) {
        EXPECT_LE(chart.row(std::log10(value)), chart.plot.bottom() + 0.01F);
        EXPECT_GE(chart.row(std::log10(value)), chart.plot.y - 0.01F);
      }
  }
}

TEST(CurvesLayout, TheRateIsLogarithmicWhereItSpansDecades) {
  Frame frame = trained();
  const auto chart = [&](std::initializer_list<float> rates) {
    frame.facts.rates = {};
    for (const float rate : rates) frame.facts.rates.add(rate);
    return lay_out_curves(frame, kCard, font(), 1, {.kind = CurvesKind::kRate}).upper;
  };
  EXPECT_FALSE(chart({0.01F}).log);
  EXPECT_FALSE(chart({0.01F, 0.05F}).log);
  EXPECT_TRUE(chart({0.001F, 0.05F}).log);
  const ChartLayout linear = chart({0.01F, 0.05F});
  EXPECT_EQ(linear.low, 0);
  EXPECT_EQ(linear.y_text(linear.y.count - 1), "0.05");
  EXPECT_GT(linear.plot.height, 1.8F * lay_out_curves(frame, kCard, font(), 1).upper.plot.height);
}

TEST(CurvesLayout, EveryClassHasAKeyAboveItsChart) {
  Frame frame = trained();
  frame.facts.curve_classes = 3;
  frame.facts.class_points = 10;
  frame.facts.class_accuracy[0] = 0.814F;
  frame.facts.class_accuracy[1] = std::nanf("");
  StageTexts texts;
  texts.class_names = {"normal"};
  const CurvesLayout layout = lay_out_curves(frame, kCard, font(), 1, {.kind = CurvesKind::kClasses}, texts);
  ASSERT_EQ(layout.keys.keys.size(), 3U);
  EXPECT_EQ(layout.keys.keys[0].text, "normal 81 %");
  EXPECT_EQ(layout.keys.keys[1].text, "class 2 \u2013");
  EXPECT_EQ(layout.keys.keys[2].text, "class 3 0 %");
  EXPECT_TRUE(layout.keys.rest.empty());
  for (const CurveKeys::Key& key : layout.keys.keys) EXPECT_LT(key.sample.y, layout.upper.plot.y);
  // More than there is room for: the chart keeps most of the card.
  frame.facts.curve_classes = 32;
  const CurvesLayout many = lay_out_curves(frame, kCard, font(), 1, {.kind = CurvesKind::kClasses}, texts);
  EXPECT_LT(many.keys.keys.size(), 32U);
  EXPECT_EQ(many.keys.rest, fmt::format("and {} more", 32 - many.keys.keys.size()));
  EXPECT_GT(many.upper.plot.height, 60);
}

TEST(CurvesLayout, AxesReachForEarlierRunsButNotFar) {
  Frame frame = trained();
  const CurvesLayout alone = lay_out_curves(frame, kCard, font(), 1);
  frame.facts.earlier_count = 1;
  EarlierFacts& run = frame.facts.earlier[0];
  run = {.count = 15, .steps_per_epoch = 4, .losses = {.least = 0.1F, .most = 1.1F}};
  std::ranges::copy(std::string_view("rate 0.01"), run.words.begin());
  const CurvesLayout layout = lay_out_curves(frame, kCard, font(), 1);
  EXPECT_EQ(layout.upper.most.x, 14);
  EXPECT_GE(layout.upper.most.y, 1.1F);
  ASSERT_EQ(layout.keys.keys.size(), 1U);
  EXPECT_EQ(layout.keys.keys[0].text, "rate 0.01");
  EXPECT_GT(layout.keys.keys[0].sample.y, layout.lower.tick_baseline);
  EXPECT_LE(layout.keys.keys[0].sample.y, kCard.bottom());
  // A run a hundred times as long, and beyond all numbers, must not make this one unreadable.
  run.count = 500;
  run.stride = 4;
  run.losses.most = 1e30F;
  const CurvesLayout far = lay_out_curves(frame, kCard, font(), 1);
  EXPECT_EQ(far.upper.most.x, 19);
  EXPECT_LE(far.upper.most.y, 2);
  EXPECT_FALSE(far.upper.log);
  // In steps it is as long as its own were.
  run.count = 15;
  run.stride = 1;
  run.steps_per_epoch = 5;
  EXPECT_EQ(lay_out_curves(frame, kCard, font(), 1, {.steps = true}).upper.most.x, 75 / 4.0F - 0.5F);
  // Not shown: as if there were none.
  const CurvesLayout without = lay_out_curves(frame, kCard, font(), 1, {.earlier = false});
  EXPECT_EQ(without.upper.most.x, alone.upper.most.x);
  EXPECT_EQ(without.upper.plot.height, alone.upper.plot.height);
  EXPECT_TRUE(without.keys.keys.empty());
}

TEST(CurvesLayout, CurvatureStandsBesideItsLimit) {
  Frame frame;
  frame.header.steps_per_epoch = 1;
  frame.facts.total_steps = 400;
  CurvatureFacts& facts = frame.facts.curvature;
  const CurvesChoice choice{.kind = CurvesKind::kCurvature};
  const Rect panel{0, 0, 448, 223};
  EXPECT_GT(lay_out_curves(frame, panel, font(), 1, choice).upper.plot.height, 0) << "nothing measured yet";
  facts.count = 3;
  facts.last = {.step = 30, .sharpness = 41.2F, .batch_sharpness = 7, .limit = 40};
  for (const float value : {25.F, 40.F, 41.2F}) facts.values.add(value);
  std::ranges::copy(std::string_view("2 / rate"), facts.limit_rule.begin());
  CurvesLayout layout = lay_out_curves(frame, panel, font(), 1, choice);
  EXPECT_FALSE(layout.upper.log);
  EXPECT_EQ(layout.upper.title, "sharpness");
  EXPECT_EQ(layout.lower.plot.height, 0);
  EXPECT_GE(layout.upper.most.y, 41.2F);
  EXPECT_EQ(layout.upper.most.x, 399.5F) << "every step has its place";
  ASSERT_EQ(layout.keys.keys.size(), 3U);
  EXPECT_EQ(layout.keys.keys[0].text, "largest curvature 41.2");
  EXPECT_EQ(layout.keys.keys[1].text, "of batches 7.00");
  EXPECT_EQ(layout.keys.keys[2].text, "2 / rate 40.0");
  for (const CurveKeys::Key& key : layout.keys.keys) EXPECT_LT(key.sample.y, layout.upper.plot.y);
  facts.values.add(2);  // it began far below
  EXPECT_FALSE(lay_out_curves(frame, panel, font(), 1, choice).upper.log);
  facts.values.add(400);
  layout = lay_out_curves(frame, panel, font(), 1, choice);
  EXPECT_TRUE(layout.upper.log) << "far above its limit";
  EXPECT_EQ(layout.upper.title, "sharpness (log)");
  // An optimizer that divides: batches have another measure, and without a limit there is no line of it.
  facts.preconditioned = 1;
  facts.limit_rule = {};
  layout = lay_out_curves(frame, panel, font(), 1, choice);
  EXPECT_EQ(layout.upper.title, "preconditioned sharpness (log)");
  EXPECT_EQ(layout.keys.keys.size(), 1U);
}

}  // namespace
}  // namespace fl
