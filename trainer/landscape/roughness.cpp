#include "trainer/landscape/roughness.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

namespace fl {

void Roughness::add_line(std::span<const double> losses) {
  std::vector<double> line;
  std::ranges::copy_if(losses, std::back_inserter(line), [](double loss) { return std::isfinite(loss); });
  if (line.size() < 2) return;
  const auto lowest = std::ranges::min_element(line);
  bowls_ += (line.front() - *lowest) + (line.back() - *lowest);
  // Not the difference of two long sums: a bowl has none at all.
  for (auto at = line.begin(); at != lowest; ++at) bumps_ += std::max(0.0, *std::next(at) - *at);
  for (auto at = lowest; std::next(at) != line.end(); ++at) bumps_ += std::max(0.0, *at - *std::next(at));
}

double Roughness::value() const {
  if (bowls_ > 0) return 1 + 2 * bumps_ / bowls_;
  return bumps_ > 0 ? std::numeric_limits<double>::infinity() : 1;
}

}  // namespace fl
