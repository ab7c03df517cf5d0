#include "trainer/landscape/small_probe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "trainer/base/check.h"

namespace fl {

std::vector<std::int32_t> small_probe(std::span<const std::int32_t> probe,
                                      std::span<const std::int32_t> labels, std::span<const double> losses,
                                      std::size_t count) {
  FL_CHECK(labels.size() == probe.size() && losses.size() == probe.size());
  std::vector<std::size_t> order(probe.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    // What is no number has no place in an order.
    const double loss = std::isnan(losses[i]) ? std::numeric_limits<double>::infinity() : losses[i];
    return std::tuple(labels[i], loss, i);
  };
  std::ranges::sort(order, {}, key);
  count = std::min(count, probe.size());
  std::vector<std::int32_t> chosen;
  // The middle of each of `count` equal parts of that order.
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(probe[order[(2 * i + 1) * order.size() / (2 * count)]]);
  return chosen;
}

}  // namespace fl
