#include "engine/charts/curves_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

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

float widest_number(const Font& font, const ChartLayout& chart, float size) {
  float widest = 0;
  for (int i = 0; i < chart.y.count; ++i)
    widest = std::max(widest, text_width(font, FontWeight::kRegular, chart.y_text(i), size));
  return widest;
}

int tick_room(float length, float pitch) {
  return std::clamp(static_cast<int>(length / pitch) + 1, 2, 11);
}

// Mark k of 1, 2, 5, 10, 20, ..., as a power of ten; mark 0 is 1.
double log_mark(int k) {
  constexpr std::array kDigits{0.0, 0.301029995664, 0.698970004336};
  const int decade = k >= 0 ? k / 3 : -((2 - k) / 3);
  return decade + kDigits[static_cast<std::size_t>(k - 3 * decade)];
}

// From below the smallest loss to above the largest: decades, or where there are few of them and room, marks
// between them.
void set_log_axis(ChartLayout& chart, float least, float largest, int room) {
  constexpr float kLeast = 1e-6F;
  constexpr double kExact = 1e-4;  // a loss of 0.1 is on the decade
  const double low = std::log10(std::max(least, kLeast)) + kExact;
  const double high = std::max(std::log10(std::max(largest, kLeast)) - kExact, low);
  chart.log = true;
  chart.title = "loss (log)";
  int first = static_cast<int>(3 * std::floor(low)), last = static_cast<int>(3 * std::ceil(high));
  while (log_mark(first + 1) <= low) ++first;
  while (log_mark(last - 1) >= high && last - 1 > first) --last;
  if (last == first) ++last;
  chart.low = static_cast<float>(log_mark(first));
  chart.most.y = static_cast<float>(log_mark(last));
  if (last - first < room) {
    chart.fine = true;
    chart.y = {.first = static_cast<double>(first), .step = 1, .count = last - first + 1};
    return;
  }
  if (last - first < 6) {  // not two decades inside
    chart.low = static_cast<float>(std::floor(low));
    chart.most.y = static_cast<float>(std::max(std::ceil(high), std::floor(low) + 1));
  }
  chart.y =
      nice_ticks(static_cast<double>(chart.low) - 1e-6, static_cast<double>(chart.most.y) + 1e-6, room, true);
}

// A tenth, or less where the losses go down further.
float least_loss(const Frame& frame, bool chosen) {
  constexpr float kTenth = 0.1F, kLeast = 1e-4F;
  float least = chosen && frame.facts.curve_loss_min > 0 ? frame.facts.curve_loss_min : kTenth;
  for (const float loss :
       {frame.facts.last_epoch.loss, frame.facts.last_epoch.test_loss, frame.facts.curve_loss_min})
    if (std::isfinite(loss) && loss > 0 && frame.facts.epoch_count > 0)
      least = std::min(least, std::max(loss, kLeast));
  return std::min(least, std::max(frame.facts.curve_loss_max, kLeast));
}

// The loss of several descents against steps, in one chart as high as the panel.
void lay_out_descents(const Frame& frame, const Rect& panel, const Font& font, LossAxis axis,
                      CurvesLayout& layout) {
  ChartLayout& chart = layout.loss;
  const float scale = layout.scale;
  const float top = std::round(kTitleRow * scale), below = std::round(kTickRow * scale);
  const float height = panel.height - top - below;
  chart.x_name = "step";
  // The ends are ticks, so that the axis grows in steps; a start in a minimum still has an axis.
  const double low = frame.facts.curve_loss_min;
  const double high = std::max<double>(frame.facts.curve_loss_max, low + 1e-3 * std::max(1.0, std::abs(low)));
  const int room = tick_room(height, kTickPitchY * scale);
  if (log_loss_axis(frame, axis)) {
    set_log_axis(chart, frame.facts.curve_loss_min, static_cast<float>(high), room);
  } else {
    const double step = nice_ticks(low, high, room).step;
    chart.low = static_cast<float>(step * std::floor(low / step));
    chart.most.y = static_cast<float>(step * std::ceil(high / step));
    chart.y = nice_ticks(static_cast<double>(chart.low), static_cast<double>(chart.most.y), room + 2);
  }
  const float gutter = std::ceil(std::max(widest_number(font, chart, layout.text_size),
                                          text_width(font, FontWeight::kRegular, "step", layout.text_size))) +
                       layout.tick_gap;
  chart.most.x = static_cast<float>(std::max(frame.facts.total_steps, 1U));
  const float last = text_width(font, FontWeight::kRegular, format_tick(chart.most.x, 0), layout.text_size);
  const float width = panel.width - gutter - std::ceil(last / 2);
  if (height < 1 || width < 1) return;
  chart.x = nice_ticks(0, chart.most.x, tick_room(width, last + kTickSpaceX * scale), true);
  chart.plot = {panel.x + gutter, panel.y + top, width, height};
  chart.title_baseline = panel.y + std::round(kTitleBaseline * scale);
  chart.tick_baseline = chart.plot.bottom() + std::round(kTickBaseline * scale);
}

}  // namespace

double ChartLayout::y_at(int i) const {
  return fine ? log_mark(static_cast<int>(std::lround(y.value(i)))) : y.value(i);
}

std::string ChartLayout::y_text(int i) const {
  return log ? format_round(std::pow(10.0, y_at(i))) : format_tick(y, i);
}

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

CurvesLayout lay_out_curves(const Frame& frame, const Rect& panel_in, const Font& font, float scale,
                            LossAxis axis) {
  const Rect panel = snapped(panel_in);
  CurvesLayout layout;
  layout.scale = scale;
  layout.left = panel.x;
  layout.right = panel.right();
  layout.title_size = std::round(kTitleSize * scale);
  layout.text_size = std::round(kTextSize * scale);
  layout.tick_gap = std::round(kTickGap * scale);
  layout.loss.title = "loss";
  layout.accuracy.title = "accuracy";
  if (frame.header.several_paths > 0) {
    lay_out_descents(frame, panel, font, axis, layout);
    return layout;
  }

  const float title_row = std::round(kTitleRow * scale), tick_row = std::round(kTickRow * scale);
  const float gap = std::round(kChartGap * scale);
  const float plot_height = std::floor((panel.height - 2 * title_row - gap - tick_row) / 2);
  const int y_room = tick_room(plot_height, kTickPitchY * scale);
  // The top of the loss axis is a tick, so that the axis grows in steps.
  if (log_loss_axis(frame, axis)) {
    const float least = least_loss(frame, axis == LossAxis::kLog);
    const float below = std::round(kBelow * scale);
    set_log_axis(layout.loss, least, frame.facts.curve_loss_max, y_room + 1);
    if (frame.facts.curve_loss_least < 0.999F * std::pow(10.0F, layout.loss.low) &&
        plot_height > kLeastAbove * below) {
      layout.loss = {.title = layout.loss.title, .below = below};
      set_log_axis(layout.loss, least, frame.facts.curve_loss_max,
                   tick_room(plot_height - below, kTickPitchY * scale) + 1);
    }
  } else {
    layout.loss.most.y = static_cast<float>(nice_ceiling(frame.facts.curve_loss_max, y_room));
    layout.loss.y = nice_ticks(0, layout.loss.most.y, y_room + 1);
  }
  layout.accuracy.most.y = 1;
  layout.accuracy.y = nice_ticks(0, 1, y_room + 1);

  // Numbers stand left of the plots, and "epoch" left of the epochs.
  const float gutter =
      std::ceil(std::max({widest_number(font, layout.loss, layout.text_size),
                          widest_number(font, layout.accuracy, layout.text_size),
                          text_width(font, FontWeight::kRegular, "epoch", layout.text_size)})) +
      layout.tick_gap;
  // Half of the last epoch's number stands out on the right.
  const float epochs = last_axis_epoch(frame);
  const float last_number = text_width(font, FontWeight::kRegular, format_tick(epochs, 0), layout.text_size);
  const float overhang = std::ceil(last_number / 2);
  const float plot_width = panel.width - gutter - overhang;
  if (plot_height < 1 || plot_width < 1) return layout;
  const Ticks x = nice_ticks(0, epochs, tick_room(plot_width, last_number + kTickSpaceX * scale), true);
  float top = panel.y;
  for (ChartLayout* chart : {&layout.loss, &layout.accuracy}) {
    chart->plot = {panel.x + gutter, top + title_row, plot_width, plot_height};
    chart->most.x = epochs;
    chart->x = x;
    chart->title_baseline = top + std::round(kTitleBaseline * scale);
    chart->tick_baseline = chart->plot.bottom() + std::round(kTickBaseline * scale);
    top = chart->plot.bottom() + gap;
  }
  return layout;
}

}  // namespace fl
