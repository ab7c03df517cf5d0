#include "engine/charts/curves.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/curves.h"
#include <fmt/format.h>

#include "engine/pass/pass_pipeline.h"
#include "engine/text/text_layout.h"

namespace fl {

namespace {

// Pixels at scale 1.
constexpr glm::vec2 kLeastPanel{330, 190}, kLeastSinglePanel{330, 110};
constexpr float kLineWidth = 2.5F;
constexpr float kStepLineWidth = 1.3F;
constexpr float kDotWidth = 7;
constexpr float kSwatchWidth = 18;
constexpr float kSwatchHeight = 4;
// Raw losses of steps stand back: so much stronger than the band they lie in; less the denser they are, none
// from half a step a pixel on. What they say then, the band says better.
constexpr float kStepStrength = 0.3F;
constexpr float kStepDensity = 0.5F;
constexpr float kBandAlpha = 0.30F;
constexpr float kSliceWidth = 3;
// A band's window, to either side: a share of the axis, and what it needs for a quantile to mean anything.
constexpr float kWindowShare = 0.03F;
constexpr float kLeastStepWindow = 1, kLeastEpochWindow = 2;
constexpr std::uint32_t kLeastSteps = 8, kLeastEpochs = 12;
constexpr float kDashPitch = 9;
// Dots as long as they lie at least so far apart.
constexpr float kDotPitch = 16;

// `digits`: of numbers that would have too many to be read; 0 leaves the value out.
std::string legend_entry(const char* name, float value, int digits) {
  if (digits == 0) return name;
  // Two decimals, until they would be digits that nobody reads, or noughts that say nothing.
  const bool two = std::isfinite(value) && std::abs(value) < kLogLossFrom && std::abs(value) >= 0.01F;
  return fmt::format("{} {}", name, two ? format_tick(value, 2) : format_value(value, std::min(digits, 2)));
}

}  // namespace

CurvesPass::CurvesPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::curves_vert,
                                      .fragment = shader::curves_frag,
                                      .push_bytes = sizeof(shared::CurvesPush)})) {}

void CurvesPass::draw_frame(const PassContext& context, const CurvesLayout& layout,
                            const ChartLayout& chart) const {
  const float line = std::max(1.0F, std::round(layout.scale));
  const Rect& plot = chart.plot;
  std::vector<Panel> lines;
  const auto across = [&](float row, const glm::vec4& color) {
    lines.push_back(
        {.rect = {plot.x, std::round(row) - std::floor(line / 2), plot.width, line}, .fill = color});
  };
  // The axis itself is stronger than the grid; on a logarithm it need not be at a tick.
  across(plot.bottom(), context.theme.axis);
  for (int i = 0; i < chart.y.count; ++i)
    if (chart.below > 0 || chart.y_at(i) > chart.low + 1e-6)
      across(chart.row(chart.y_at(i)), context.theme.grid);
  for (int i = 1; i < chart.x.count; ++i) {
    const auto share = static_cast<float>(chart.x.value(i)) / chart.most.x;
    const float x = std::round(plot.x + share * plot.width) - std::floor(line / 2);
    lines.push_back({.rect = {x, plot.y, line, plot.height}, .fill = faded(context.theme.grid, 0.6F)});
  }
  panels_->draw(context, lines);
}

shared::CurvesPush CurvesPass::push_for(const PassContext& context, const CurvesLayout& layout,
                                        const ChartLayout& chart, std::uint32_t series) const {
  const Frame& frame = context.frame;
  const bool test = series == shared::kTestLoss || series == shared::kTestAccuracy;
  return {.plot = {chart.plot.x, chart.plot.y, chart.plot.width, chart.plot.height - chart.below},
          .color = test ? context.theme.test : context.theme.train,
          .most = chart.most,
          .width = kLineWidth * layout.scale,
          .series = series,
          .count = series == shared::kStepLoss ? frame.facts.step_count : frame.facts.epoch_count,
          .mode = shared::kLine,
          .low = chart.low,
          .log = chart.log ? 1U : 0U,
          .below = chart.below};
}

void CurvesPass::draw_band(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                           std::uint32_t series) const {
  const bool steps = series == shared::kStepLoss;
  shared::CurvesPush push = push_for(context, layout, chart, series);
  if (push.count < (steps ? kLeastSteps : kLeastEpochs)) return;
  push.color.a = kBandAlpha;
  push.mode = shared::kBand;
  push.width = std::max(1.0F, kSliceWidth * layout.scale);
  push.window = std::max(steps ? kLeastStepWindow : kLeastEpochWindow, kWindowShare * chart.most.x);
  pipeline_.push(context.cmd, push);
  const auto slices = static_cast<std::uint32_t>(std::ceil(chart.plot.width / push.width));
  vkCmdDraw(context.cmd, 2 * (slices + 1), 1, 0, 0);
}

void CurvesPass::draw_steps(const PassContext& context, const CurvesLayout& layout) const {
  const ChartLayout& chart = layout.loss;
  shared::CurvesPush push = push_for(context, layout, chart, shared::kStepLoss);
  const float done = std::max(1.0F, chart.plot.width * static_cast<float>(context.frame.facts.step) /
                                        static_cast<float>(std::max(context.frame.facts.total_steps, 1U)));
  const float thinning = 1 - static_cast<float>(push.count) / done / kStepDensity;
  if (push.count == 0 || thinning <= 0) return;
  push.color = flattened(push.color, context.theme.panel, kBandAlpha + kStepStrength * thinning);
  push.width = kStepLineWidth * layout.scale;
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, push.count, 0, 0);
}

void CurvesPass::draw_line(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                           std::uint32_t series) const {
  shared::CurvesPush push = push_for(context, layout, chart, series);
  if (push.count == 0) return;
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, push.count, 0, 0);
  const float pitch = chart.plot.width / chart.most.x;
  if (pitch < kDotPitch * layout.scale && push.count > 1) return;
  push.mode = shared::kDots;
  push.width = kDotWidth * layout.scale;
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, push.count, 0, 0);
}

void CurvesPass::draw_descents(const PassContext& context, const CurvesLayout& layout) const {
  bind_flat(context, pipeline_);
  const std::uint32_t count = std::min(context.frame.header.several_paths, kFrameMaxPaths);
  // Where several run over each other the last would hide the others: in a second round each draws its own
  // dashes, which only there can be told from the line.
  for (const std::uint32_t dashes : {0U, count}) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const FramePath& path = context.frame.header.paths[i];
      if (path.count == 0) continue;
      shared::CurvesPush push = push_for(context, layout, layout.loss, shared::kPathLoss);
      push.color = context.theme.paths[path.color % kFrameMaxPaths];
      push.count = path.count;
      push.first = path.first;
      push.dash = i;
      push.dashes = dashes;
      push.pitch = kDashPitch * layout.scale;
      pipeline_.push(context.cmd, push);
      vkCmdDraw(context.cmd, 4, path.count, 0, 0);
    }
  }
}

void CurvesPass::append_numbers(const PassContext& context, const CurvesLayout& layout,
                                std::vector<ScreenLabel>& labels) const {
  ScreenLabel label;
  label.size = layout.text_size;
  label.color = context.theme.text_muted;
  for (const ChartLayout* chart : {&layout.loss, &layout.accuracy}) {
    if (chart->plot.height <= 0) continue;
    label.align_x = AlignX::kRight;
    label.align_y = AlignY::kMiddle;
    for (int i = 0; i < chart->y.count; ++i) {
      label.pixel = {chart->plot.x - layout.tick_gap, std::round(chart->row(chart->y_at(i)))};
      label.text = chart->y_text(i);
      labels.push_back(label);
    }
    if (chart->below > 0) {
      label.pixel.y = chart->plot.bottom();
      label.text = format_tick(0, 0);
      labels.push_back(label);
    }
    ScreenLabel title = label;
    title.text = chart->title;
    title.size = layout.title_size;
    title.weight = Weight::kBold;
    title.color = context.theme.text;
    title.align_x = AlignX::kLeft;
    title.align_y = AlignY::kBaseline;
    title.pixel = {layout.left, chart->title_baseline};
    labels.push_back(title);
  }
  const ChartLayout& chart = layout.accuracy.plot.height > 0 ? layout.accuracy : layout.loss;
  label.align_y = AlignY::kBaseline;
  label.align_x = AlignX::kRight;
  label.text = chart.x_name;
  label.pixel = {chart.plot.x - layout.tick_gap, chart.tick_baseline};
  labels.push_back(label);
  label.align_x = AlignX::kCentre;
  for (int i = 0; i < chart.x.count; ++i) {
    const auto share = static_cast<float>(chart.x.value(i)) / chart.most.x;
    label.pixel.x = std::round(chart.plot.x + share * chart.plot.width);
    label.text = format_tick(chart.x, i);
    labels.push_back(label);
  }
}

void CurvesPass::append_legend(const PassContext& context, const CurvesLayout& layout,
                               const ChartLayout& chart, float train, float test,
                               std::vector<ScreenLabel>& labels) const {
  const bool known = context.frame.facts.epoch_count > 0;
  ScreenLabel label;
  label.size = layout.text_size;
  label.color = context.theme.text;
  const bool with_test = !known || !std::isnan(test);  // no test set: no test entry
  const float mark = std::round(kSwatchWidth * layout.scale) + std::round(7 * layout.scale);
  const float gap = std::round(18 * layout.scale);
  const auto entry_width = [&](const char* name, float value, int digits) {
    return std::ceil(
               text_width(*font_, FontWeight::kRegular, legend_entry(name, value, digits), label.size)) +
           mark + gap;
  };
  // Fewer digits before the words run into the title.
  const float room = chart.plot.right() - layout.left -
                     text_width(*font_, FontWeight::kSemiBold, chart.title, layout.title_size);
  int digits = known ? 3 : 0;
  while (digits > 0 &&
         entry_width("train", train, digits) + (with_test ? entry_width("test", test, digits) : 0) > room)
    --digits;
  float x = chart.plot.right();
  const auto entry = [&](const char* name, float value, const glm::vec4& color) {
    label.text = legend_entry(name, value, digits);
    // Room for a value of this form whatever its digits, so that the entry before does not move.
    x -= std::ceil(text_width(*font_, FontWeight::kRegular, label.text, label.size));
    label.pixel = {x, chart.title_baseline};
    labels.push_back(label);
    const float height = std::round(kSwatchHeight * layout.scale),
                width = std::round(kSwatchWidth * layout.scale);
    x -= mark;
    const float middle = chart.title_baseline - std::round(font_->metrics().x_height / 2 * label.size);
    panels_->draw(context, Panel{.rect = {x, middle - std::floor(height / 2), width, height},
                                 .fill = color,
                                 .radius = height / 2});
    x -= gap;
  };
  if (with_test) entry("test", test, context.theme.test);
  entry("train", train, context.theme.train);
}

void CurvesPass::draw(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out,
                      LossAxis axis) const {
  const float scale =
      panel_scale(context, panel, context.frame.header.several_paths > 0 ? kLeastSinglePanel : kLeastPanel);
  const CurvesLayout layout = lay_out_curves(context.frame, panel, *font_, scale, axis);
  if (layout.loss.plot.height <= 0) return;
  draw_frame(context, layout, layout.loss);
  if (context.frame.header.several_paths > 0) {  // their legend is a panel of its own
    append_numbers(context, layout, labels_out);
    if (context.slot_set != VK_NULL_HANDLE) draw_descents(context, layout);
    return;
  }
  draw_frame(context, layout, layout.accuracy);
  append_numbers(context, layout, labels_out);
  const EpochPoint& last = context.frame.facts.last_epoch;
  append_legend(context, layout, layout.loss, last.loss, last.test_loss, labels_out);
  append_legend(context, layout, layout.accuracy, last.accuracy, last.test_accuracy, labels_out);
  if (context.slot_set == VK_NULL_HANDLE) return;
  // A line's own width may stand out over the plot's edges, and a dot's.
  bind_flat(context, pipeline_);
  draw_band(context, layout, layout.loss, shared::kStepLoss);
  draw_band(context, layout, layout.loss, shared::kTestLoss);
  draw_band(context, layout, layout.accuracy, shared::kTrainAccuracy);
  draw_band(context, layout, layout.accuracy, shared::kTestAccuracy);
  draw_steps(context, layout);
  draw_line(context, layout, layout.loss, shared::kTrainLoss);
  draw_line(context, layout, layout.loss, shared::kTestLoss);
  draw_line(context, layout, layout.accuracy, shared::kTrainAccuracy);
  draw_line(context, layout, layout.accuracy, shared::kTestAccuracy);
}

}  // namespace fl
