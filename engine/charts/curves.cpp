#include "engine/charts/curves.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/curves.h"
#include <fmt/format.h>

#include "engine/charts/curvature/curvature_curves.h"
#include "engine/pass/pass_pipeline.h"

namespace fl {

namespace {

// Pixels at scale 1.
constexpr glm::vec2 kLeastPanel{330, 190}, kLeastSinglePanel{330, 110};
constexpr float kLineWidth = 2.5F, kEarlierWidth = 1.6F;
constexpr float kStepLineWidth = 1.3F;
constexpr float kDotWidth = 7;
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
// From one place of a median to the next: each is dear.
constexpr float kMiddlePitch = 6;
// Of earlier runs, the newest first; what they are told apart by beside that.
constexpr std::array kEarlierStrengths{0.7F, 0.52F, 0.4F};
constexpr std::array kEarlierPatterns{shared::kDashed, shared::kDotted, shared::kDashDotted};
static_assert(kEarlierStrengths.size() == kEarlierRuns && kEarlierPatterns.size() == kEarlierRuns);
// Of classes, among the theme's colours of paths: blue and orange first, which everybody tells apart
// (shaders/map.glsl).
constexpr std::array kClassColors{3U, 1U, 4U, 5U, 7U, 6U, 2U, 9U, 10U, 11U, 8U, 0U};

glm::vec4 class_color(const Theme& theme, std::uint32_t index) {
  return theme.paths[kClassColors.at(index % kClassColors.size())];
}
// Classes of one colour have different patterns, too.
std::uint32_t class_pattern(std::uint32_t index) {
  return (index + index / static_cast<std::uint32_t>(kClassColors.size())) % shared::kPatterns;
}

// Dots as long as they lie at least so far apart.
constexpr float kDotPitch = 16;

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
  for (int i = chart.x_low < 0 && chart.per_epoch <= 0 ? 0 : 1; i < chart.x.count; ++i) {
    const float x = std::round(chart.column_of_tick(i)) - std::floor(line / 2);
    lines.push_back({.rect = {x, plot.y, line, plot.height}, .fill = faded(context.theme.grid, 0.6F)});
  }
  panels_->draw(context, lines);
}

CurvesPass::Series CurvesPass::of_steps(const PassContext& context, std::uint32_t id,
                                        const glm::vec4& color) {
  const FrameHeader& header = context.frame.header;
  const auto per_epoch = static_cast<float>(std::max(header.steps_per_epoch, 1U));
  return {.id = id,
          .count = context.frame.facts.step_count,
          .color = color,
          .begin = 0.5F / per_epoch - 0.5F,
          .each = static_cast<float>(header.step_stride) / per_epoch,
          .of_steps = true};
}

CurvesPass::Series CurvesPass::of_epochs(const PassContext& context, std::uint32_t id) {
  const bool test = id == shared::kTestLoss || id == shared::kTestAccuracy;
  return {.id = id,
          .count = context.frame.facts.epoch_count,
          .color = test ? context.theme.test : context.theme.train};
}

shared::CurvesPush CurvesPass::push_for(const CurvesLayout& layout, const ChartLayout& chart,
                                        const Series& series) {
  return {.plot = {chart.plot.x, chart.plot.y, chart.plot.width, chart.plot.height - chart.below},
          .color = series.color,
          .most = chart.most,
          .width = kLineWidth * layout.scale,
          .series = series.id,
          .count = series.count,
          .mode = shared::kLine,
          .low = chart.low,
          .log = chart.log ? 1U : 0U,
          .below = chart.below,
          .x_low = chart.x_low,
          .begin = series.begin,
          .each = series.each,
          .unit = layout.scale};
}

void CurvesPass::draw_segments(const PassContext& context, const shared::CurvesPush& push) const {
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, push.count, 0, 0);
}

namespace {

// To either side of a place, epochs.
float window_of(const ChartLayout& chart, bool steps) {
  return std::max(steps ? kLeastStepWindow : kLeastEpochWindow, kWindowShare * (chart.most.x - chart.x_low));
}

}  // namespace

void CurvesPass::draw_band(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                           const Series& series) const {
  shared::CurvesPush push = push_for(layout, chart, series);
  if (push.count < (series.of_steps ? kLeastSteps : kLeastEpochs)) return;
  push.color.a = kBandAlpha;
  push.mode = shared::kBand;
  push.width = std::max(1.0F, kSliceWidth * layout.scale);
  push.window = window_of(chart, series.of_steps);
  pipeline_.push(context.cmd, push);
  const auto slices = static_cast<std::uint32_t>(std::ceil(chart.plot.width / push.width));
  vkCmdDraw(context.cmd, 2 * (slices + 1), 1, 0, 0);
}

void CurvesPass::draw_middle(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                             const Series& series) const {
  shared::CurvesPush push = push_for(layout, chart, series);
  if (push.count < kLeastSteps) return;
  push.mode = shared::kMiddle;
  push.pitch = kMiddlePitch * layout.scale;
  push.window = window_of(chart, series.of_steps);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, static_cast<std::uint32_t>(std::ceil(chart.plot.width / push.pitch)), 0, 0);
}

void CurvesPass::draw_steps(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                            const Series& series) const {
  shared::CurvesPush push = push_for(layout, chart, series);
  const float done = std::max(1.0F, chart.plot.width * static_cast<float>(context.frame.facts.step) /
                                        static_cast<float>(std::max(context.frame.facts.total_steps, 1U)));
  const float thinning = 1 - static_cast<float>(push.count) / done / kStepDensity;
  if (push.count == 0 || thinning <= 0) return;
  push.color = flattened(push.color, context.theme.panel, kBandAlpha + kStepStrength * thinning);
  push.width = kStepLineWidth * layout.scale;
  draw_segments(context, push);
}

void CurvesPass::draw_line(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                           const Series& series) const {
  shared::CurvesPush push = push_for(layout, chart, series);
  if (push.count == 0) return;
  draw_segments(context, push);
  const float pitch = chart.plot.width / (chart.most.x - chart.x_low);
  if (pitch < kDotPitch * layout.scale && push.count > 1) return;
  push.mode = shared::kDots;
  push.width = kDotWidth * layout.scale;
  draw_segments(context, push);
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
      shared::CurvesPush push = push_for(layout, layout.upper,
                                         {.id = shared::kPathLoss,
                                          .count = path.count,
                                          .color = context.theme.paths[path.color % kFrameMaxPaths]});
      push.first = path.first;
      push.dash = i;
      push.dashes = dashes;
      push.pitch = kDashPitch * layout.scale;
      draw_segments(context, push);
    }
  }
}

void CurvesPass::draw_loss(const PassContext& context, const CurvesLayout& layout) const {
  draw_earlier(context, layout);
  const auto epochs = [&context](std::uint32_t id) { return of_epochs(context, id); };
  const Series steps = of_steps(context, shared::kStepLoss, context.theme.train);
  draw_band(context, layout, layout.upper, steps);
  draw_band(context, layout, layout.upper, epochs(shared::kTestLoss));
  draw_band(context, layout, layout.lower, epochs(shared::kTrainAccuracy));
  draw_band(context, layout, layout.lower, epochs(shared::kTestAccuracy));
  draw_steps(context, layout, layout.upper, steps);
  draw_line(context, layout, layout.upper, epochs(shared::kTrainLoss));
  draw_line(context, layout, layout.upper, epochs(shared::kTestLoss));
  draw_line(context, layout, layout.lower, epochs(shared::kTrainAccuracy));
  draw_line(context, layout, layout.lower, epochs(shared::kTestAccuracy));
}

void CurvesPass::draw_earlier(const PassContext& context, const CurvesLayout& layout) const {
  if (!layout.earlier) return;
  const Theme& theme = context.theme;
  const auto now = static_cast<float>(std::max(context.frame.header.steps_per_epoch, 1U));
  const auto count =
      static_cast<std::uint32_t>(std::min<std::size_t>(context.frame.facts.earlier_count, kEarlierRuns));
  for (std::uint32_t r = count; r-- > 0;) {  // the newest over the others
    const EarlierFacts& run = context.frame.facts.earlier.at(r);
    // Where the axis counts steps, its epochs are as long as they were then.
    const bool steps = layout.upper.per_epoch > 0;
    const float length = steps ? static_cast<float>(run.steps_per_epoch) / now : 1;
    const auto draw = [&](const ChartLayout& chart, std::uint32_t id, const glm::vec4& color) {
      Series series{.id = id, .count = run.count, .begin = steps ? 0.5F * length - 0.5F : 0};
      series.color = flattened(color, theme.panel, kEarlierStrengths.at(r));
      series.each = static_cast<float>(run.stride) * length;
      shared::CurvesPush push = push_for(layout, chart, series);
      push.first = r * kEarlierPoints;
      push.width = kEarlierWidth * layout.scale;
      push.pattern = kEarlierPatterns.at(r);
      draw_segments(context, push);
    };
    draw(layout.upper, shared::kEarlierLoss, theme.train);
    if (run.tested > 0)
      draw(layout.lower, shared::kEarlierTestAccuracy, theme.test);
    else
      draw(layout.lower, shared::kEarlierAccuracy, theme.train);
  }
}

void CurvesPass::draw_norms(const PassContext& context, const CurvesLayout& layout) const {
  const auto draw = [&](const ChartLayout& chart, std::uint32_t id, const glm::vec4& color) {
    const Series series = of_steps(context, id, color);
    draw_band(context, layout, chart, series);
    draw_steps(context, layout, chart, series);
    draw_middle(context, layout, chart, series);
  };
  draw(layout.upper, shared::kGradientNorm, context.theme.accent);
  draw(layout.lower, shared::kUpdateNorm, context.theme.path);
}

void CurvesPass::draw_rate(const PassContext& context, const CurvesLayout& layout) const {
  const shared::CurvesPush push =
      push_for(layout, layout.upper, of_steps(context, shared::kRate, context.theme.accent));
  if (push.count > 0) draw_segments(context, push);
}

void CurvesPass::draw_classes(const PassContext& context, const CurvesLayout& layout) const {
  const FrameFacts& facts = context.frame.facts;
  const std::uint32_t count = std::min(facts.curve_classes, kMostClassCurves);
  // Whole lines first: where several run over each other, those with gaps are seen on them.
  for (std::uint32_t pattern = 0; pattern < shared::kPatterns; ++pattern)
    for (std::uint32_t c = 0; c < count; ++c) {
      if (class_pattern(c) != pattern || facts.class_points == 0) continue;
      shared::CurvesPush push = push_for(layout, layout.upper,
                                         {.id = shared::kClassAccuracy,
                                          .count = facts.class_points,
                                          .color = class_color(context.theme, c),
                                          .each = static_cast<float>(facts.class_stride)});
      push.first = c;
      push.row = facts.curve_classes;
      push.pattern = pattern;
      draw_segments(context, push);
    }
}

void CurvesPass::draw_samples(const PassContext& context, const CurvesLayout& layout) const {
  const float up = std::round(font_->metrics().x_height / 2 * layout.text_size);
  for (const CurveKeys::Key& key : layout.keys.keys) {
    shared::CurvesPush push = push_for(layout, layout.upper, {.count = 1});
    push.mode = shared::kSample;
    push.plot = {key.sample.x, key.sample.y - up, std::round(kSampleWidth * layout.scale), 0};
    const bool curvature = layout.kind == CurvesKind::kCurvature;
    const CurvatureLook look = curvature_look(context.frame.facts.curvature, key.index, context.theme);
    push.color = layout.earlier ? flattened(context.theme.text_muted, context.theme.panel)
                 : curvature    ? look.color
                                : class_color(context.theme, key.index);
    push.pattern = layout.earlier ? kEarlierPatterns.at(key.index)
                   : curvature    ? look.pattern
                                  : class_pattern(key.index);
    if (layout.earlier) push.width = kEarlierWidth * layout.scale;
    draw_segments(context, push);
  }
}

void CurvesPass::draw(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out,
                      const CurvesChoice& choice, const StageTexts& texts) const {
  const Frame& frame = context.frame;
  const FrameFacts& facts = frame.facts;
  const bool several = frame.header.several_paths > 0;
  const bool single = several && facts.race.lanes == 0;
  const float scale = panel_scale(context, panel, single ? kLeastSinglePanel : kLeastPanel);
  const CurvesLayout layout = lay_out_curves(frame, panel, *font_, scale, choice, texts);
  if (layout.upper.plot.height <= 0) return;
  draw_frame(context, layout, layout.upper);
  if (layout.lower.plot.height > 0) draw_frame(context, layout, layout.lower);
  append_numbers(context, layout, labels_out);
  append_keys(context, layout, labels_out);
  if (several) {  // their legend is a panel of its own
    if (context.slot_set != VK_NULL_HANDLE)
      facts.race.lanes > 0 ? draw_race(context, layout) : draw_descents(context, layout);
    if (facts.race.lanes > 0) append_ends(context, layout, labels_out);
    return;
  }
  const auto value = [&](const ChartLayout& chart, float newest) {
    if (facts.step_count > 0) append_value(context, layout, chart, format_value(newest, 2), labels_out);
  };
  if (layout.kind == CurvesKind::kLoss) {
    const EpochPoint& last = facts.last_epoch;
    append_legend(context, layout, layout.upper, last.loss, last.test_loss, labels_out);
    append_legend(context, layout, layout.lower, last.accuracy, last.test_accuracy, labels_out);
  } else if (layout.kind == CurvesKind::kNorms) {
    value(layout.upper, facts.last_step.gradient_norm);
    value(layout.lower, facts.last_step.update_norm);
  } else if (layout.kind == CurvesKind::kRate && facts.step_count > 0) {
    // Three digits: schedules make long numbers.
    const double rounded = std::stod(fmt::format("{:.3g}", facts.last_rate));
    append_value(context, layout, layout.upper, format_rate(rounded), labels_out);
  }
  if (context.slot_set == VK_NULL_HANDLE) return;
  // A line's own width may stand out over the plot's edges, and a dot's.
  bind_flat(context, pipeline_);
  draw_samples(context, layout);
  switch (layout.kind) {
    case CurvesKind::kLoss:
      return draw_loss(context, layout);
    case CurvesKind::kNorms:
      return draw_norms(context, layout);
    case CurvesKind::kRate:
      return draw_rate(context, layout);
    case CurvesKind::kClasses:
      return draw_classes(context, layout);
    case CurvesKind::kCurvature:
      return draw_curvature(context, layout);
  }
}

}  // namespace fl
