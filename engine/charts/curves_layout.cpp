#include "engine/charts/curves_layout.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "engine/charts/curvature/curvature_curves.h"
#include "engine/pass/panel.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17;
constexpr float kTextSize = 15;
constexpr float kTitleRow = 28;
constexpr float kTitleBaseline = 15;
constexpr float kChartGap = 14;
constexpr float kTickRow = 26;
constexpr float kTickBaseline = 21;
constexpr float kTickGap = 11;     // between a tick's number and the plot
constexpr float kTickPitchY = 34;  // least distance of two ticks
constexpr float kTickSpaceX = 36;  // least space between two numbers
constexpr float kBelow = 20;       // ChartLayout::below, as far as a number needs
constexpr float kLeastAbove = 3;   // times that: a plot that is lower has no room for it
constexpr float kKeyRow = 24, kKeyGap = 8;
constexpr float kKeysShare = 0.4F;  // of the panel's height, at most
constexpr float kLeastLogLoss = 1e-4F;
constexpr const char* kLogLoss = "loss (log)";

float widest_number(const Font& font, const ChartLayout& chart, float size) {
  float widest = 0;
  for (int i = 0; i < chart.y.count; ++i)
    widest = std::max(widest, text_width(font, FontWeight::kRegular, chart.y_text(i), size));
  return widest;
}

// A tenth, or less where the losses go down further.
float least_loss(const Frame& frame, bool chosen) {
  constexpr float kTenth = 0.1F, kLeast = kLeastLogLoss;
  float least = chosen && frame.facts.curve_loss_min > 0 ? frame.facts.curve_loss_min : kTenth;
  for (const float loss :
       {frame.facts.last_epoch.loss, frame.facts.last_epoch.test_loss, frame.facts.curve_loss_min})
    if (std::isfinite(loss) && loss > 0 && frame.facts.epoch_count > 0)
      least = std::min(least, std::max(loss, kLeast));
  return std::min(least, std::max(frame.facts.curve_loss_max, kLeast));
}

// The loss of several descents against steps, in one chart as high as the panel; that of the runs of a race
// over their accuracy.
void lay_out_several(const Frame& frame, const Rect& panel, const Font& font, LossAxis axis,
                     CurvesLayout& layout) {
  const RaceFacts& race = frame.facts.race;
  const bool two = race.lanes > 0;
  ChartLayout& chart = layout.upper;
  const float scale = layout.scale;
  const float top = std::round(kTitleRow * scale), below = std::round(kTickRow * scale);
  const float gap = std::round(kChartGap * scale);
  const float height =
      two ? std::floor((panel.height - 2 * top - gap - below) / 2) : panel.height - top - below;
  chart.title = "loss";
  chart.x_name = two && race.over_steps == 0 ? "epoch" : "step";
  // The ends are ticks, so that the axis grows in steps; a start in a minimum still has an axis.
  const double low = two ? 0 : frame.facts.curve_loss_min;
  const double high = std::max<double>(frame.facts.curve_loss_max, low + 1e-3 * std::max(1.0, std::abs(low)));
  const int room = tick_room(height, kTickPitchY * scale);
  if (log_loss_axis(frame, axis)) {
    set_log_axis(chart, kLogLoss, frame.facts.curve_loss_min, static_cast<float>(high), room);
  } else {
    const double step = nice_ticks(low, high, room).step;
    chart.low = static_cast<float>(step * std::floor(low / step));
    chart.most.y = static_cast<float>(step * std::ceil(high / step));
    chart.y = nice_ticks(static_cast<double>(chart.low), static_cast<double>(chart.most.y), room + 2);
  }
  if (two) {
    layout.lower.title = race.tested != 0 ? "test accuracy" : "accuracy";
    layout.lower.y = nice_ticks(0, 1, room + 1);
  }
  const auto width_of = [&](const std::string& text) {
    return text_width(font, FontWeight::kRegular, text, layout.text_size);
  };
  const float numbers = std::max(widest_number(font, chart, layout.text_size),
                                 two ? widest_number(font, layout.lower, layout.text_size) : 0);
  const float gutter = std::ceil(std::max(numbers, width_of(chart.x_name))) + layout.tick_gap;
  chart.most.x = two ? race.reach : static_cast<float>(std::max(frame.facts.total_steps, 1U));
  const float last = width_of(format_tick(chart.most.x, 0));
  const float width = panel.width - gutter - std::ceil(last / 2);
  if (height < 1 || width < 1) return;
  chart.x = nice_ticks(0, chart.most.x, tick_room(width, last + kTickSpaceX * scale), true);
  float y = panel.y;
  for (ChartLayout* each : {&layout.upper, &layout.lower}) {
    if (each == &layout.lower && !two) break;
    each->plot = {panel.x + gutter, y + top, width, height};
    each->x = chart.x;
    each->x_name = chart.x_name;
    each->most.x = chart.most.x;
    each->title_baseline = y + std::round(kTitleBaseline * scale);
    each->tick_baseline = each->plot.bottom() + std::round(kTickBaseline * scale);
    y = each->plot.bottom() + gap;
  }
}

// The largest loss that the axis holds, those of earlier runs as far as kEarlierReach goes.
float largest_loss(const Frame& frame, std::uint32_t earlier) {
  const float own = frame.facts.curve_loss_max;
  float largest = own;
  for (const EarlierFacts& run : std::span(frame.facts.earlier).first(earlier))
    largest = std::max(largest, own > 0 ? std::min(run.losses.most, kEarlierReach * own) : run.losses.most);
  return largest;
}

// The loss over the accuracy.
void set_loss_axes(const Frame& frame, const CurvesChoice& choice, float plot_height, int room,
                   CurvesLayout& layout) {
  const std::uint32_t earlier = earlier_shown(frame, choice);
  const float scale = layout.scale, largest = largest_loss(frame, earlier);
  ChartLayout& chart = layout.upper;
  chart.title = "loss";
  // The top of the loss axis is a tick, so that the axis grows in steps.
  if (log_loss_axis(frame, choice.loss_axis)) {
    float least = least_loss(frame, choice.loss_axis == LossAxis::kLog);
    for (const EarlierFacts& run : std::span(frame.facts.earlier).first(earlier))
      least = std::min(least, std::max(run.losses.least, kLeastLogLoss));
    const float below = std::round(kBelow * scale);
    set_log_axis(chart, kLogLoss, least, largest, room + 1);
    if (frame.facts.curve_loss_least < 0.999F * std::pow(10.0F, chart.low) &&
        plot_height > kLeastAbove * below) {
      chart = {.below = below};
      set_log_axis(chart, kLogLoss, least, largest, tick_room(plot_height - below, kTickPitchY * scale) + 1);
    }
  } else {
    chart.most.y = static_cast<float>(nice_ceiling(static_cast<double>(largest), room));
    chart.y = nice_ticks(0, static_cast<double>(chart.most.y), room + 1);
  }
  layout.lower.title = "accuracy";
  layout.lower.most.y = 1;
  layout.lower.y = nice_ticks(0, 1, room + 1);
}

void set_series_axis(ChartLayout& chart, const char* title, const SeriesRange& range, int room) {
  constexpr float kFloor = 1e-35F;
  const bool known = range.most > 0;
  set_log_axis(chart, title, known ? range.least : 0.1F, known ? range.most : 1.0F, room + 1, kFloor);
}

// Logarithmic where the schedule spans more than a decade; what is 0 then is a gap.
void set_rate_axis(ChartLayout& chart, const SeriesRange& range, int room) {
  if (range.most > 0 && spans_a_decade(range.least, range.most)) {
    set_series_axis(chart, "learning rate (log)", range, room);
    return;
  }
  chart.title = "learning rate";
  chart.round = true;
  chart.most.y = static_cast<float>(nice_ceiling(static_cast<double>(range.most), room));
  chart.y = nice_ticks(0, static_cast<double>(chart.most.y), room + 1);
}

// From 0 where the limit and what is measured are of one size, so that one sees how close they are; else on a
// logarithm.
bool beside_its_limit(const CurvatureFacts& facts) {
  const float limit = facts.last.limit;
  return limit > 0 && facts.values.most <= 4 * limit && facts.last.sharpness >= limit / 20;
}

void set_curvature_axis(ChartLayout& chart, const CurvatureFacts& facts, int room) {
  const SeriesRange& range = facts.values;
  const bool divided = facts.preconditioned != 0;
  if (range.most > 0 && !beside_its_limit(facts) && spans_a_decade(range.least, range.most)) {
    set_series_axis(chart, divided ? "preconditioned sharpness (log)" : "sharpness (log)", range, room);
    return;
  }
  chart.title = divided ? "preconditioned sharpness" : "sharpness";
  chart.most.y =
      range.most > 0 ? static_cast<float>(nice_ceiling(static_cast<double>(range.most), room)) : 1.0F;
  chart.y = nice_ticks(0, static_cast<double>(chart.most.y), room + 1);
}

void set_vertical_axes(const Frame& frame, const CurvesChoice& choice, float plot_height,
                       CurvesLayout& layout) {
  const int room = tick_room(plot_height, kTickPitchY * layout.scale);
  switch (layout.kind) {
    case CurvesKind::kLoss:
      set_loss_axes(frame, choice, plot_height, room, layout);
      return;
    case CurvesKind::kNorms:
      set_series_axis(layout.upper, "gradient norm (log)", frame.facts.gradient_norms, room);
      set_series_axis(layout.lower, "update norm (log)", frame.facts.update_norms, room);
      return;
    case CurvesKind::kRate:
      set_rate_axis(layout.upper, frame.facts.rates, room);
      return;
    case CurvesKind::kClasses:
      layout.upper.title = "test accuracy by class";
      layout.upper.most.y = 1;
      layout.upper.y = nice_ticks(0, 1, room + 1);
      return;
    case CurvesKind::kCurvature:
      set_curvature_axis(layout.upper, frame.facts.curvature, room);
      return;
  }
}

// Steps at the right edge, as last_axis_epoch says epochs.
float last_axis_step(const Frame& frame) {
  const float planned = static_cast<float>(frame.facts.total_steps),
              done = static_cast<float>(frame.facts.step);
  if (planned >= done) return std::max(1.0F, planned);
  return static_cast<float>(nice_ceiling(static_cast<double>(done), 10));
}

// Its range alone.
ChartLayout horizontal_axis(const Frame& frame, const CurvesChoice& choice) {
  ChartLayout axis;
  const auto per_epoch = static_cast<float>(std::max(frame.header.steps_per_epoch, 1U));
  const auto earlier = std::span(frame.facts.earlier).first(earlier_shown(frame, choice));
  const auto epochs_of = [](const EarlierFacts& run) {
    return static_cast<float>(run.count) * static_cast<float>(run.stride);
  };
  // Where every step is to be seen, those around the first and the last epoch have room.
  const bool all_steps = choice.steps || choice.kind == CurvesKind::kNorms ||
                         choice.kind == CurvesKind::kRate || choice.kind == CurvesKind::kCurvature;
  float reach = all_steps ? last_axis_step(frame) : last_axis_epoch(frame) + 1;
  const float own = reach;
  for (const EarlierFacts& run : earlier) {
    const float length =
        all_steps ? epochs_of(run) * static_cast<float>(run.steps_per_epoch) : epochs_of(run);
    reach = std::max(reach, std::min(length, kEarlierReach * own));
  }
  axis.most.x = all_steps ? reach / per_epoch - 0.5F : reach - 1;
  axis.x_low = all_steps ? -0.5F : 0;
  axis.per_epoch = choice.steps ? per_epoch : 0;
  return axis;
}

std::vector<CurveName> class_names(const Frame& frame, const StageTexts& texts) {
  const FrameFacts& facts = frame.facts;
  std::vector<CurveName> names;
  for (std::uint32_t c = 0; c < std::min(facts.curve_classes, kMostClassCurves); ++c) {
    const float accuracy = facts.class_accuracy.at(c);
    names.push_back({class_name(texts, c)});
    if (facts.class_points > 0)
      names.back().value =
          std::isnan(accuracy) ? "\u2013" : fmt::format("{:.0f} %", std::round(100 * accuracy));
  }
  return names;
}

std::vector<CurveName> names_above(const Frame& frame, CurvesKind kind, const StageTexts& texts) {
  if (kind == CurvesKind::kClasses) return class_names(frame, texts);
  return curvature_names(frame.facts.curvature);
}

std::vector<CurveName> earlier_names(const Frame& frame, std::uint32_t count) {
  std::vector<CurveName> names;
  for (const EarlierFacts& run : std::span(frame.facts.earlier).first(count))
    names.push_back({run.words.data()});
  return names;
}

}  // namespace

bool log_loss_axis(const Frame& frame, LossAxis axis) {
  if (!std::isfinite(frame.facts.curve_loss_max) || axis == LossAxis::kLinear) return false;
  const bool several = frame.header.several_paths > 0;
  if (axis == LossAxis::kLog)
    return frame.facts.curve_loss_max > 0 && (!several || frame.facts.curve_loss_min > 0);
  return !several && frame.facts.curve_loss_max > kLogLossFrom;
}

float last_axis_epoch(const Frame& frame) {
  const auto per_epoch = static_cast<float>(std::max(frame.header.steps_per_epoch, 1U));
  const float planned = static_cast<float>(frame.facts.total_steps) / per_epoch - 1;
  const float done = std::max(static_cast<float>(frame.facts.step) / per_epoch,
                              static_cast<float>(frame.facts.epoch_count)) -
                     1;
  if (planned >= done) return std::max(1.0F, planned);
  return std::max(1.0F, static_cast<float>(nice_ceiling(done, 10)));
}

CurvesKind shown_kind(const Frame& frame, const CurvesChoice& choice) {
  return frame.header.several_paths > 0 ? CurvesKind::kLoss : choice.kind;
}

std::uint32_t earlier_shown(const Frame& frame, const CurvesChoice& choice) {
  if (frame.header.several_paths > 0 || choice.kind != CurvesKind::kLoss || !choice.earlier) return 0;
  return std::min(frame.facts.earlier_count, kEarlierRuns);
}

CurvesLayout lay_out_curves(const Frame& frame, const Rect& panel_in, const Font& font, float scale,
                            const CurvesChoice& choice, const StageTexts& texts) {
  const Rect panel = snapped(panel_in);
  CurvesLayout layout;
  layout.kind = shown_kind(frame, choice);
  layout.scale = scale;
  layout.left = panel.x;
  layout.right = panel.right();
  layout.title_size = std::round(kTitleSize * scale);
  layout.text_size = std::round(kTextSize * scale);
  layout.tick_gap = std::round(kTickGap * scale);
  if (frame.header.several_paths > 0) {
    lay_out_several(frame, panel, font, choice.loss_axis, layout);
    return layout;
  }
  const float title_row = std::round(kTitleRow * scale), tick_row = std::round(kTickRow * scale);
  const float gap = std::round(kChartGap * scale), key_row = std::round(kKeyRow * scale);
  layout.earlier = earlier_shown(frame, choice) > 0;
  const bool above = layout.kind == CurvesKind::kClasses || layout.kind == CurvesKind::kCurvature;
  if (above || layout.earlier) {
    const float high = above ? std::max(kKeysShare * panel.height, key_row) : key_row;
    const float top = above ? panel.y + title_row : panel.bottom() - key_row;
    layout.keys = lay_out_keys(
        above ? names_above(frame, layout.kind, texts) : earlier_names(frame, earlier_shown(frame, choice)),
        above ? "" : "earlier", {panel.x, top, panel.width, high}, key_row, layout.text_size, scale, font);
  }
  float keys = key_row * static_cast<float>(layout.keys.rows);
  if (above) keys += std::round(kKeyGap * scale);  // the topmost number stands out into it
  const bool two = layout.kind == CurvesKind::kLoss || layout.kind == CurvesKind::kNorms;
  const float plot_height = two ? std::floor((panel.height - 2 * title_row - gap - tick_row - keys) / 2)
                                : std::floor(panel.height - title_row - tick_row - keys);
  set_vertical_axes(frame, choice, plot_height, layout);

  // Numbers stand left of the plots, and the horizontal axis' name left of its numbers.
  const bool steps = choice.steps;
  const char* x_name = steps ? "step" : "epoch";
  float gutter = std::max(widest_number(font, layout.upper, layout.text_size),
                          text_width(font, FontWeight::kRegular, x_name, layout.text_size));
  if (two) gutter = std::max(gutter, widest_number(font, layout.lower, layout.text_size));
  gutter = std::ceil(gutter) + layout.tick_gap;
  // Half of the last number stands out on the right.
  ChartLayout x = horizontal_axis(frame, choice);
  const float last = x.per_epoch > 0 ? (x.most.x + 0.5F) * x.per_epoch : x.most.x;
  const float last_number =
      text_width(font, FontWeight::kRegular, format_tick(std::floor(last), 0), layout.text_size);
  const float plot_width = panel.width - gutter - std::ceil(last_number / 2);
  if (plot_height < 1 || plot_width < 1) return layout;
  x.x = nice_ticks(x.per_epoch > 0 ? 0 : x.x_low, last,
                   tick_room(plot_width, last_number + kTickSpaceX * scale), true);
  float top = panel.y + (above ? keys : 0);
  for (ChartLayout* chart : {&layout.upper, &layout.lower}) {
    if (chart == &layout.lower && !two) break;
    chart->plot = {panel.x + gutter, top + title_row, plot_width, plot_height};
    chart->most.x = x.most.x;
    chart->x_low = x.x_low;
    chart->per_epoch = x.per_epoch;
    chart->x = x.x;
    chart->x_name = x_name;
    chart->title_baseline = top - (above ? keys : 0) + std::round(kTitleBaseline * scale);
    chart->tick_baseline = chart->plot.bottom() + std::round(kTickBaseline * scale);
    top = chart->plot.bottom() + gap;
  }
  return layout;
}

}  // namespace fl
