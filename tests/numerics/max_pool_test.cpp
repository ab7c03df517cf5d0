// Our max pooling against plain loops, and against what the definition says of ties, NaN and odd sizes.
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/compute/cpu/loops/max_pool_2x2.h"

namespace fl {
namespace {

struct Pooled {
  std::vector<float> out;
  std::vector<std::uint8_t> chosen;
};

Pooled pool(const PooledPlanes& shape, bool behind_relu, const std::vector<float>& in) {
  Pooled pooled{std::vector<float>(shape.outputs(), -7), std::vector<std::uint8_t>(shape.outputs(), 99)};
  max_pool_2x2(shape, behind_relu, in.data(), pooled.out.data(), pooled.chosen.data());
  return pooled;
}

// Where a value of a plane in blocks lies.
std::size_t at(const PooledPlanes& shape, std::size_t plane, std::size_t y, std::size_t x, std::size_t lane) {
  return ((plane * shape.height + y) * shape.width + x) * shape.block + lane;
}

struct MaxPool : testing::TestWithParam<std::size_t> {
  std::mt19937 random{7};
  std::vector<float> values(std::size_t count) {
    std::vector<float> made(count);
    std::uniform_int_distribution<int> few(-3, 3);  // so few that many are equal
    for (float& value : made) value = static_cast<float>(few(random));
    return made;
  }
};

INSTANTIATE_TEST_SUITE_P(Blocks, MaxPool, testing::Values(8, 16));

TEST_P(MaxPool, EqualsPlainLoops) {
  for (const auto& [planes, height, width] : {std::tuple{1, 2, 2}, std::tuple{3, 8, 8}, std::tuple{2, 7, 5},
                                              std::tuple{2, 2, 9}, std::tuple{5, 16, 4}})
    for (const bool behind_relu : {false, true}) {
      const PooledPlanes shape{static_cast<std::size_t>(planes), static_cast<std::size_t>(height),
                               static_cast<std::size_t>(width), GetParam()};
      const std::vector<float> in = values(shape.inputs()), gradient = values(shape.outputs());
      const Pooled pooled = pool(shape, behind_relu, in);
      std::vector<float> back(shape.inputs(), 55), expected(shape.inputs(), 0);
      max_pool_2x2_backward(shape, gradient.data(), pooled.chosen.data(), back.data());
      std::vector<float> untouched(shape.outputs());
      max_pool_2x2(shape, behind_relu, in.data(), untouched.data(), nullptr);
      EXPECT_EQ(untouched, pooled.out) << "without marks";
      std::size_t o = 0;
      for (std::size_t p = 0; p < shape.planes; ++p)
        for (std::size_t y = 0; y + 1 < shape.height; y += 2)
          for (std::size_t x = 0; x + 1 < shape.width; x += 2)
            for (std::size_t lane = 0; lane < shape.block; ++lane, ++o) {
              const std::size_t window[] = {at(shape, p, y, x, lane), at(shape, p, y, x + 1, lane),
                                            at(shape, p, y + 1, x, lane), at(shape, p, y + 1, x + 1, lane)};
              std::size_t best = window[0];
              for (const std::size_t pixel : window)
                if (in[pixel] > in[best]) best = pixel;
              ASSERT_EQ(pooled.out[o], in[best]);
              if (!behind_relu || in[best] > 0) expected[best] = gradient[o];
            }
      EXPECT_EQ(back, expected) << height << " x " << width << (behind_relu ? " behind a ReLU" : "");
    }
}

TEST_P(MaxPool, ANanIsNeverHidden) {
  const PooledPlanes shape{1, 2, 2, GetParam()};
  for (std::size_t pixel = 0; pixel < 4; ++pixel) {
    std::vector<float> in(shape.inputs(), 1);
    in[pixel * shape.block + 3] = std::numeric_limits<float>::quiet_NaN();
    const Pooled pooled = pool(shape, false, in);
    EXPECT_TRUE(std::isnan(pooled.out[3])) << pixel;
    EXPECT_EQ(pooled.chosen[3], pixel);
    EXPECT_EQ(pooled.out[2], 1);
  }
}

}  // namespace
}  // namespace fl
