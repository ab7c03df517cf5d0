// The charts' axes: what they hold, where they end, what they say.

#include <cmath>
#include <limits>

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
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1).loss.log);
  for (const float largest : {101.F, 1e3F, 6.7e9F, 1e30F, 3e38F}) {
    frame.facts.curve_loss_max = largest;
    const CurvesLayout layout = lay_out_curves(frame, {0, 0, 448, 223}, font(), 1);
    EXPECT_TRUE(layout.loss.log);
    EXPECT_EQ(layout.loss.title, "loss (log)");
    EXPECT_LE(layout.loss.row(std::log10(0.02)), layout.loss.plot.bottom());
    EXPECT_GE(layout.loss.row(std::log10(largest)), layout.loss.plot.y - 0.01F);
    EXPECT_GE(layout.loss.y.count, 2);
    for (int i = 0; i < layout.loss.y.count; ++i) {
      EXPECT_LT(text_width(font(), FontWeight::kRegular, layout.loss.y_text(i), 15), 60);
    }
    // The accuracy has its own axis.
    EXPECT_FALSE(layout.accuracy.log);
  }
}

TEST(CurvesLayout, AChosenLogarithmGoesAsFarDownAsTheLosses) {
  Frame frame;
  frame.facts.epoch_count = 3;
  frame.facts.last_epoch = {.loss = 0.07F, .test_loss = 0.4F};
  frame.facts.curve_loss_max = 0.9F;
  frame.facts.curve_loss_min = 0.06F;
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1).loss.log);
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, LossAxis::kLinear).loss.log);
  for (const float height : {223.F, 420.F, 800.F}) {
    const ChartLayout chart = lay_out_curves(frame, {0, 0, 448, height}, font(), 1, LossAxis::kLog).loss;
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
  const ChartLayout fine = lay_out_curves(frame, {0, 0, 448, 800}, font(), 1, LossAxis::kLog).loss;
  EXPECT_EQ(fine.y_text(0), "0.05");
  EXPECT_EQ(fine.y_text(1), "0.1");
  EXPECT_EQ(fine.y_text(2), "0.2");
  frame.facts.curve_loss_max = 0;  // nothing to take a logarithm of
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, LossAxis::kLog).loss.log);
}

TEST(CurvesLayout, DescentsBelowZeroStayLinear) {
  Frame frame;
  frame.header.several_paths = 2;
  frame.facts.total_steps = 100;
  frame.facts.curve_loss_max = 5;
  frame.facts.curve_loss_min = -3;
  EXPECT_FALSE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, LossAxis::kLog).loss.log);
  frame.facts.curve_loss_min = 0.02F;
  EXPECT_TRUE(lay_out_curves(frame, {0, 0, 448, 223}, font(), 1, LossAxis::kLog).loss.log);
}

TEST(CurvesLayout, ChartsStandInsideThePanelAboveEachOther) {
  Frame frame;
  frame.header.steps_per_epoch = 40;
  frame.facts.total_steps = 2000;
  frame.facts.curve_loss_max = 0.93F;
  const Rect panel{700, 400, 448, 223};
  const CurvesLayout layout = lay_out_curves(frame, panel, font(), 1);
  for (const ChartLayout* chart : {&layout.loss, &layout.accuracy}) {
    EXPECT_GT(chart->plot.x, panel.x);
    EXPECT_LT(chart->plot.right(), panel.right());
    EXPECT_GT(chart->plot.height, 40);
    EXPECT_LT(chart->title_baseline, chart->plot.y);
    EXPECT_GE(chart->y.count, 2);
    EXPECT_GE(chart->x.count, 2);
  }
  EXPECT_LT(layout.loss.plot.bottom(), layout.accuracy.title_baseline - layout.title_size / 2);
  EXPECT_LE(layout.accuracy.tick_baseline, panel.bottom());
  EXPECT_FLOAT_EQ(layout.loss.most.y, 1);
  EXPECT_GE(layout.text_size, 15);
  EXPECT_GE(layout.title_size, 17);
}

TEST(CurvesLayout, SurvivesLossesThatAreNoScale) {
  Frame frame;
  for (const float loss : {0.F, -1.F, 1e30F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    frame.facts.curve_loss_max = loss;
    const CurvesLayout layout = lay_out_curves(frame, {0, 0, 448, 223}, font(), 1);
    EXPECT_TRUE(std::isfinite(layout.loss.most.y));
    EXPECT_GT(layout.loss.most.y, 0);
    EXPECT_LE(layout.loss.y.count, 11);
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
  const ChartLayout all = lay_out_curves(frame, panel, font(), 1, LossAxis::kLog).loss;
  EXPECT_EQ(all.below, 0) << "nothing lies there";
  EXPECT_NEAR(all.row(static_cast<double>(all.low)), all.plot.bottom(), 0.01);
  frame.facts.curve_loss_least = 0;
  const ChartLayout chart = lay_out_curves(frame, panel, font(), 1, LossAxis::kLog).loss;
  EXPECT_GT(chart.below, 15) << "room for a number";
  EXPECT_NEAR(chart.row(static_cast<double>(chart.low)), chart.plot.bottom() - chart.below, 0.01);
  EXPECT_NEAR(chart.row(static_cast<double>(chart.most.y)), chart.plot.y, 0.01);
  EXPECT_EQ(lay_out_curves(frame, panel, font(), 1, LossAxis::kLinear).loss.below, 0);
}

}  // namespace
}  // namespace fl
