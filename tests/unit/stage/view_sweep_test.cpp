// The map of a sweep: where its cells and its words go, and which cell a pixel is.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/charts/sweep/sweep_axis.h"
#include "engine/charts/sweep/sweep_layout.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"
#include "engine/view/color_map.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

AxisWords log_axis(std::size_t count) {
  AxisWords axis{.title = "learning rate", .values = {}, .numbers = {}, .log = true};
  for (std::size_t i = 0; i < count; ++i) {
    axis.numbers.push_back(
        std::pow(10.0, -4 + 5.0 * static_cast<double>(i) / static_cast<double>(count - 1)));
    axis.values.push_back(std::to_string(axis.numbers.back()));
  }
  return axis;
}

Frame frame_of(std::uint32_t columns, std::uint32_t rows) {
  Frame frame;
  frame.facts.sweep = {.columns = columns,
                       .rows = rows,
                       .known = columns,
                       .cells = columns * rows,
                       .diverged = 2,
                       .failed = 1,
                       .scales = {SweepScale{.values = 3, .low = 0.5f, .high = 1},
                                  SweepScale{.values = 3, .low = 0.01f, .high = 10, .log = 1, .capped = 1}},
                       .best = 1};
  return frame;
}

SweepLayout layout_of(const Frame& frame, const Rect& area, float scale, const SweepChoice& choice = {}) {
  PassContext context{.frame = frame, .theme = dark_theme()};
  context.scale = scale;
  StageTexts texts;
  texts.axes = {log_axis(frame.facts.sweep.columns)};
  if (frame.facts.sweep.rows > 1)
    texts.axes.push_back({.title = "scale of the starting weights", .values = {}, .numbers = {}});
  for (std::uint32_t i = 0; i < frame.facts.sweep.rows && texts.axes.size() > 1; ++i)
    texts.axes[1].values.push_back("a rather long name " + std::to_string(i));
  return lay_out_sweep(context, area, font(), texts, color_map({}), choice);
}

TEST(SweepLayout, StaysInsideItsArea) {
  for (const auto& [columns, rows] : {std::pair{16u, 16u}, {4u, 3u}, {9u, 1u}, {1000u, 1u}, {3u, 40u}})
    for (const Rect& area : {Rect{20, 90, 1240, 600}, Rect{20, 60, 980, 480}, Rect{10, 60, 500, 600}})
      for (const float scale : {1.0f, 1.4f}) {
        const Frame frame = frame_of(columns, rows);
        const SweepLayout layout = layout_of(frame, area, scale);
        ASSERT_FALSE(layout.plot.empty()) << columns << " x " << rows;
        EXPECT_EQ(layout.plot.x, sweep_plot(frame.facts.sweep, area, scale).x)
            << "the pointer meets what is drawn";
        EXPECT_LE(layout.plot.right(), area.right());
        for (const ScreenLabel& label : layout.labels) {
          const glm::vec2 at = label_origin(font(), label);
          const float length = text_width(font(), font_weight(label.weight), label.text, label.size);
          const float right = label.upward ? at.x : at.x + length, top = label.upward ? at.y - length : at.y;
          EXPECT_GE(at.x, area.x - 16) << label.text;
          EXPECT_LE(right, area.right() + 16) << label.text;
          EXPECT_GE(top, area.y - 16) << label.text;
          EXPECT_LE(at.y, area.bottom() + 2) << label.text;
        }
      }
}

TEST(SweepLayout, SaysWhatTheColoursMean) {
  const auto says = [](SweepFigure figure, const std::string& text) {
    const Frame frame = frame_of(16, 16);
    return std::ranges::any_of(
        layout_of(frame, {20, 90, 1240, 600}, 1, {.figure = figure}).labels,
        [&](const ScreenLabel& label) { return label.text.find(text) != std::string::npos; });
  };
  for (const char* word : {"test accuracy", "50 %", "100 %", "diverged", "not trained yet",
                           "cannot be trained", "learning rate", "0.001"})
    EXPECT_TRUE(says(SweepFigure::kTestAccuracy, word)) << word;
  for (const char* word : {"final training loss", "logarithmic", "≥ 10"})
    EXPECT_TRUE(says(SweepFigure::kLoss, word)) << word;
}

TEST(SweepLayout, FindsTheCellUnderAPixel) {
  const Frame frame = frame_of(5, 4);
  const SweepFacts& facts = frame.facts.sweep;
  const Rect plot = sweep_plot(facts, {20, 90, 1240, 600}, 1);
  for (std::int32_t place = 0; place < 20; ++place) {
    const Rect cell = sweep_cell(facts, plot, place);
    EXPECT_EQ(sweep_place(facts, plot, {cell.x + cell.width / 2, cell.y + cell.height / 2}), place);
  }
  EXPECT_EQ(sweep_cell(facts, plot, 0).bottom(), plot.bottom()) << "row 0 is the lowest";
  EXPECT_FALSE(sweep_place(facts, plot, {plot.x - 1, plot.y + 1}));
  EXPECT_TRUE(layout_of(Frame{}, {0, 0, 1240, 600}, 1).plot.empty());
  EXPECT_TRUE(layout_of(frame, {0, 0, 120, 60}, 1).plot.empty());
}

TEST(SweepLayout, ShowsTheFigureThatThereIs) {
  SweepFacts facts = frame_of(5, 4).facts.sweep;
  facts.scales[0].values = 0;
  EXPECT_EQ(shown_figure(facts, SweepFigure::kTestAccuracy), SweepFigure::kLoss) << "without a test set";
  facts.scales[1].values = 0;
  EXPECT_EQ(shown_figure(facts, SweepFigure::kTestAccuracy), SweepFigure::kTestAccuracy) << "nothing yet";
}

TEST(SweepAxis, HasPowersOfTenOrAsManyValuesAsFit) {
  const auto room = [](const std::string& text) { return 10.0f * static_cast<float>(text.size()); };
  std::vector<std::string> texts;
  for (const AxisMark& mark : axis_marks(log_axis(16), 1000, room)) texts.push_back(mark.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"0.0001", "0.001", "0.01", "0.1", "1", "10"}));
  EXPECT_NEAR(axis_marks(log_axis(16), 1000, room)[0].share, 0.5 / 16, 1e-9) << "in the middle of its cell";
  AxisWords names{.title = "", .values = {"adam", "lion", "sgd", "momentum"}, .numbers = {}};
  EXPECT_EQ(axis_marks(names, 1000, room).size(), 4u);
  const auto few = axis_marks(names, 160, room);
  ASSERT_EQ(few.size(), 2u) << "every second";
  EXPECT_EQ(few[1].text, "sgd");
}

}  // namespace
}  // namespace fl
