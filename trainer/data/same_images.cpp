#include "trainer/data/same_images.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace fl {
namespace {

// Image indices, so that those of one content stand side by side, in order of their first.
std::vector<std::uint32_t> by_content(const Dataset& data) {
  std::vector<std::uint32_t> order(data.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t image) { return data.contents[image]; });
  return order;
}

}  // namespace

SameImages same_images(const Dataset& data, const Split& split) {
  SameImages same;
  same.test_images = split.test.size();
  if (data.contents.empty()) return same;
  std::vector<bool> tests(data.size());
  for (const std::int32_t image : split.test) tests[static_cast<std::size_t>(image)] = true;
  const std::vector<std::uint32_t> order = by_content(data);
  std::uint32_t first_of_all = static_cast<std::uint32_t>(data.size());
  for (auto begin = order.begin(), end = begin; begin != order.end(); begin = end) {
    end = std::find_if(begin, order.end(),
                       [&](std::uint32_t image) { return data.contents[image] != data.contents[*begin]; });
    const std::span group(begin, end);
    const auto other = std::ranges::find_if(
        group, [&](std::uint32_t image) { return data.labels[image] != data.labels[group.front()]; });
    const auto in_test = static_cast<std::size_t>(
        std::ranges::count_if(group, [&](std::uint32_t image) { return tests[image]; }));
    const bool two_classes = other != group.end(), known = in_test > 0 && in_test < group.size();
    if (known) same.trained_on += in_test;
    if (two_classes) {
      ++same.in_two_classes;
      if (group.front() < first_of_all) {
        first_of_all = group.front();
        same.classes = {static_cast<std::size_t>(data.labels[group.front()]),
                        static_cast<std::size_t>(data.labels[*other])};
      }
    }
    if (!two_classes && !known) continue;
    same.marked.resize(data.size());
    for (const std::uint32_t image : group) same.marked[image] = true;
  }
  if (same.in_two_classes > 0)
    for (std::size_t i = 0; i < 2; ++i) same.class_names[i] = data.classes[same.classes[i]];
  return same;
}

}  // namespace fl
