// Our convolution by Winograd's way against plain loops in double.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/compute/cpu/loops/winograd_3x3.h"

namespace fl {
namespace {

std::vector<float> normal_values(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

// [image][channel][y][x] in blocks; the last block is filled up with zeros.
std::vector<float> in_blocks(const std::vector<float>& plain, const Winograd3x3::Shape& shape) {
  const std::size_t area = shape.height * shape.width, padded = shape.padded_channels();
  std::vector<float> blocked(shape.images * padded * area);
  for (std::size_t i = 0; i < shape.images; ++i)
    for (std::size_t c = 0; c < shape.channels; ++c)
      for (std::size_t at = 0; at < area; ++at)
        blocked[((i * padded / shape.block + c / shape.block) * area + at) * shape.block + c % shape.block] =
            plain[(i * shape.channels + c) * area + at];
  return blocked;
}

double by_loops(const std::vector<float>& in, const std::vector<float>& weights,
                const Winograd3x3::Shape& shape, std::size_t image, std::size_t output, std::size_t y,
                std::size_t x) {
  double sum = 0;
  for (std::size_t c = 0; c < shape.channels; ++c)
    for (std::size_t k = 0; k < 9; ++k) {
      const std::size_t from_y = y + k / 3 - 1, from_x = x + k % 3 - 1;  // outside it wraps round
      if (from_y >= shape.height || from_x >= shape.width) continue;
      sum += static_cast<double>(
                 in[((image * shape.channels + c) * shape.height + from_y) * shape.width + from_x]) *
             static_cast<double>(weights[(output * shape.channels + c) * 9 + k]);
    }
  return sum;
}

TEST(Winograd3x3, EqualsPlainLoops) {
  for (const std::size_t block : {std::size_t{8}, std::size_t{16}})
    for (const auto& [images, channels, height, width, outputs] :
         {std::tuple{1, 16, 1, 1, 16}, std::tuple{2, 16, 2, 3, 40}, std::tuple{3, 20, 7, 5, 18},
          std::tuple{1, 32, 4, 4, 32}, std::tuple{2, 64, 8, 8, 64}, std::tuple{13, 16, 16, 16, 24},
          std::tuple{1, 24, 9, 33, 16}})
      for (const bool relu : {false, true}) {
        const auto size = [](int number) { return static_cast<std::size_t>(number); };
        const Winograd3x3::Shape shape{.images = size(images),
                                       .channels = size(channels),
                                       .height = size(height),
                                       .width = size(width),
                                       .outputs = size(outputs),
                                       .block = block,
                                       .relu = relu};
        const std::size_t area = shape.height * shape.width;
        const auto in = normal_values(shape.images * shape.channels * area, 1);
        const auto weights = normal_values(shape.outputs * shape.channels * 9, 2);
        const auto bias = normal_values(shape.outputs, 3);
        std::vector<float> out(shape.images * shape.padded_outputs() * area, 77);
        Winograd3x3 kernel(shape);
        // Twice: nothing of the first weights is left.
        kernel.load_weights(normal_values(weights.size(), 4).data());
        kernel.load_weights(weights.data());
        kernel.load_bias(bias.data());
        const auto blocked = in_blocks(in, shape);
        kernel.run(blocked.data(), out.data());
        double largest = 1, worst = 0;
        for (std::size_t i = 0; i < shape.images; ++i)
          for (std::size_t o = 0; o < shape.padded_outputs(); ++o)
            for (std::size_t at = 0; at < area; ++at) {
              const auto value = static_cast<double>(
                  out[((i * shape.padded_outputs() / block + o / block) * area + at) * block + o % block]);
              if (o >= shape.outputs) {
                ASSERT_EQ(value, 0) << "the last block is filled up with zeros";
                continue;
              }
              double expected = by_loops(in, weights, shape, i, o, at / shape.width, at % shape.width) +
                                static_cast<double>(bias[o]);
              largest = std::max(largest, std::abs(expected));
              if (relu) expected = std::max(expected, 0.0);
              worst = std::max(worst, std::abs(value - expected));
            }
        EXPECT_LE(worst, 1e-5 * largest) << block << ": " << images << " images, " << channels << " to "
                                         << outputs << ", " << height << "x" << width;
      }
}

TEST(Winograd3x3, AnImageComesOutAlikeWhoeverIsWithIt) {
  const Winograd3x3::Shape many{
      .images = 9, .channels = 16, .height = 12, .width = 10, .outputs = 32, .block = 8};
  Winograd3x3::Shape one = many;
  one.images = 1;
  const auto in = in_blocks(normal_values(many.images * 16 * 120, 1), many);
  const auto weights = normal_values(std::size_t{32} * 16 * 9, 2);
  std::vector<float> together(many.images * 32 * 120), alone(std::size_t{32} * 120);
  Winograd3x3 all(many), single(one);
  all.load_weights(weights.data());
  single.load_weights(weights.data());
  all.run(in.data(), together.data());
  for (std::size_t i = 0; i < many.images; ++i) {
    single.run(in.data() + i * 16 * 120, alone.data());
    ASSERT_EQ(std::memcmp(alone.data(), together.data() + i * alone.size(), alone.size() * sizeof(float)), 0);
  }
}

// A network that has diverged says so.
TEST(Winograd3x3, KeepsWhatIsNoNumber) {
  const Winograd3x3::Shape shape{
      .images = 1, .channels = 16, .height = 8, .width = 8, .outputs = 16, .block = 16, .relu = true};
  std::vector<float> in(std::size_t{16} * 64, 1), out(in.size());
  in[0] = std::numeric_limits<float>::quiet_NaN();
  Winograd3x3 kernel(shape);
  kernel.load_weights(normal_values(std::size_t{16} * 16 * 9, 2).data());
  kernel.run(in.data(), out.data());
  EXPECT_TRUE(std::isnan(out[0]));
}

}  // namespace
}  // namespace fl
