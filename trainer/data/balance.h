#pragma once
// Two remedies for classes of unequal size: draw them equally often, or let the rare ones count for more.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/base/random.h"

namespace fl {

// Epochs in which every class is equally frequent: the images of a small class come several times, of a large
// one some are left out, others in each epoch.
class BalancedSampler {
 public:
  // `images` index `labels`, whose values are in [0, classes). Precondition: each class has an image.
  BalancedSampler(std::span<const std::int32_t> images, std::span<const std::int32_t> labels, int classes);

  // Fills `order` in random order. With n = order.size() and C classes, each class is drawn n / C times, and
  // n mod C of them, chosen at random, once more; within a class no image comes more than once more often
  // than another. Depends on `random` alone, not on earlier draws; allocates nothing.
  void draw(RandomStream& random, std::span<std::int32_t> order);

 private:
  std::vector<std::vector<std::int32_t>> by_class_;
  std::vector<std::int32_t> scratch_;
};

// n / (C n_c) for each class c, n_c of whose images are among the n: their mean over these images is 1.
// Precondition: each class has an image.
std::vector<float> balanced_class_weights(std::span<const std::int32_t> images,
                                          std::span<const std::int32_t> labels, int classes);

}  // namespace fl
