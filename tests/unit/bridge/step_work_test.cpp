// The work of a training step, beside a count by hand.
#include "tests/bench/step_work.h"

#include <gtest/gtest.h>

#include "tests/support/small_nets.h"

namespace fl::bench {
namespace {

TEST(StepWork, OfASmallNetworkIsTheCountByHand) {
  // averaged_net: 1x8x8, convolution 3x3 to 4 channels, ReLU, 2x2 maximum, average, dense to 2.
  const Work work = work_per_image(test::averaged_net());
  const double convolution = 4 * 64 * 9, dense = 2 * 4;  // multiply-adds forward
  EXPECT_EQ(work.flops, 2 * (2 * convolution + 3 * dense));
  // Floats read and written: the convolution twice (its image needs no gradient), the others three times.
  EXPECT_EQ(work.bytes, 4 * (2 * (64 + 256) + 3 * (256 + 256) + 3 * (256 + 64) + 3 * (64 + 4) + 3 * (4 + 2)));
}

}  // namespace
}  // namespace fl::bench
