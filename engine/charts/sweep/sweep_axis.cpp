#include "engine/charts/sweep/sweep_axis.h"

#include <algorithm>
#include <cmath>

#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr int kDecades = 3;
constexpr double kNear = 1e-6;  // what rounding does to a power of ten at an axis' end

std::vector<AxisMark> powers_of_ten(const AxisWords& axis) {
  std::vector<AxisMark> marks;
  if (!axis.log || axis.numbers.size() < 2 || !(axis.numbers.front() > 0)) return marks;
  const double low = std::log10(axis.numbers.front()), high = std::log10(axis.numbers.back());
  const auto cells = static_cast<double>(axis.numbers.size());
  for (double power = std::ceil(low - kNear); power <= high + kNear; ++power)
    marks.push_back(
        {((power - low) / (high - low) * (cells - 1) + 0.5) / cells, format_rate(std::pow(10.0, power))});
  if (marks.size() < kDecades) marks.clear();
  return marks;
}

std::vector<AxisMark> all_values(const AxisWords& axis) {
  std::vector<AxisMark> marks;
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    marks.push_back({(static_cast<double>(i) + 0.5) / static_cast<double>(axis.values.size()),
                     axis.numbers.empty() ? axis.values[i] : format_rate(axis.numbers[i])});
  return marks;
}

}  // namespace

std::vector<AxisMark> axis_marks(const AxisWords& axis, float length,
                                 const std::function<float(const std::string&)>& room) {
  std::vector<AxisMark> marks = powers_of_ten(axis);
  if (marks.empty()) marks = all_values(axis);
  if (marks.size() < 2) return marks;
  float widest = 0;
  for (const AxisMark& mark : marks) widest = std::max(widest, room(mark.text));
  const auto apart = static_cast<float>(marks[1].share - marks[0].share) * length;
  const auto stride = static_cast<std::size_t>(std::max(1.0f, std::ceil(widest / std::max(apart, 1e-3f))));
  std::vector<AxisMark> shown;
  for (std::size_t i = 0; i < marks.size(); i += stride) shown.push_back(std::move(marks[i]));
  return shown;
}

}  // namespace fl
