#include "engine/charts/chart_axes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fl {
namespace {

// Mark k of 1, 2, 5, 10, 20, ..., as a power of ten; mark 0 is 1.
double log_mark(int k) {
  constexpr std::array kDigits{0.0, 0.301029995664, 0.698970004336};
  const int decade = k >= 0 ? k / 3 : -((2 - k) / 3);
  return decade + kDigits[static_cast<std::size_t>(k - 3 * decade)];
}

}  // namespace

int tick_room(float length, float pitch) {
  return std::clamp(static_cast<int>(length / pitch) + 1, 2, 11);
}

void set_log_axis(ChartLayout& chart, const char* title, float least, float largest, int room, float floor) {
  constexpr double kExact = 1e-4;  // a loss of 0.1 is on the decade
  const double low = std::log10(std::max(least, floor)) + kExact;
  const double high = std::max(std::log10(std::max(largest, floor)) - kExact, low);
  chart.log = true;
  chart.title = title;
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

double ChartLayout::y_at(int i) const {
  return fine ? log_mark(static_cast<int>(std::lround(y.value(i)))) : y.value(i);
}

std::string ChartLayout::y_text(int i) const {
  if (log) return format_round(std::pow(10.0, y_at(i)));
  return round ? format_round(y.value(i)) : format_tick(y, i);
}

float ChartLayout::column_of_tick(int i) const {
  auto epoch = static_cast<float>(x.value(i));
  if (per_epoch > 0) epoch = std::max((epoch - 0.5F) / per_epoch - 0.5F, x_low);
  return plot.x + (epoch - x_low) / (most.x - x_low) * plot.width;
}

}  // namespace fl
