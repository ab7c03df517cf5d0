#include "engine/ui/timeline/strip/axis.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace fl {

double StripAxis::at(float pixel) const {
  return std::clamp(static_cast<double>((pixel - left) / width), 0.0, 1.0) * seconds;
}

std::vector<StripAxis::Tick> StripAxis::ticks(float apart) const {
  constexpr std::array kSteps = {0.1,  0.2,  0.5,  1.0,   2.0,   5.0,   10.0,
                                 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0};
  const auto wide = [&](double step) {
    return static_cast<double>(width) * step / seconds >= static_cast<double>(apart);
  };
  const auto found = std::ranges::find_if(kSteps, wide);
  const double step = found != kSteps.end() ? *found : kSteps.back();
  std::vector<Tick> all;
  for (int i = 0; i * step <= seconds + 1e-9; ++i) {
    const double at = i * step;
    const long whole = std::lround(at);
    all.push_back(
        {at, seconds > 90 ? fmt::format("{}:{:02}", whole / 60, whole % 60) : fmt::format("{:g} s", at)});
  }
  return all;
}

std::string moment_words(double seconds) {
  const auto tenths = std::lround(seconds * 10);
  if (tenths < 600) return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  return fmt::format("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10);
}

}  // namespace fl
