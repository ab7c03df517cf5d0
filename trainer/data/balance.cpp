#include "trainer/data/balance.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {

BalancedSampler::BalancedSampler(std::span<const std::int32_t> images, std::span<const std::int32_t> labels,
                                 int classes)
    : by_class_(static_cast<std::size_t>(classes)) {
  for (const std::int32_t image : images)
    by_class_[static_cast<std::size_t>(labels[static_cast<std::size_t>(image)])].push_back(image);
  std::size_t largest = 0;
  for (const auto& members : by_class_) {
    FL_CHECK(!members.empty());
    largest = std::max(largest, members.size());
  }
  scratch_.reserve(largest);
}

void BalancedSampler::draw(RandomStream& random, std::span<std::int32_t> order) {
  const std::size_t classes = by_class_.size();
  const std::size_t first_extra = random.below(static_cast<std::uint32_t>(classes));
  std::size_t at = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const std::size_t behind = (c + classes - first_extra) % classes;
    const std::size_t quota = order.size() / classes + (behind < order.size() % classes ? 1 : 0);
    scratch_ = by_class_[c];
    shuffle(std::span(scratch_), random);
    for (std::size_t i = 0; i < quota; ++i) order[at++] = scratch_[i % scratch_.size()];
  }
  shuffle(order, random);
}

std::vector<float> balanced_class_weights(std::span<const std::int32_t> images,
                                          std::span<const std::int32_t> labels, int classes) {
  std::vector<int> counts(static_cast<std::size_t>(classes));
  for (const std::int32_t image : images)
    ++counts[static_cast<std::size_t>(labels[static_cast<std::size_t>(image)])];
  std::vector<float> weights;
  for (const int count : counts) {
    FL_CHECK(count > 0);
    weights.push_back(
        static_cast<float>(static_cast<double>(images.size()) / (static_cast<double>(classes) * count)));
  }
  return weights;
}

}  // namespace fl
