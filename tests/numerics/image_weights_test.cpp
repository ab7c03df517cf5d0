// Our gradient of the first layer's weights against plain loops in double.
#include "trainer/compute/cpu/loops/image_weights.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(ImageWeights, EqualPlainLoops) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (const auto& [images, channels, height, width, outputs] :
       {std::tuple{1, 1, 1, 1, 8}, std::tuple{3, 1, 5, 7, 16}, std::tuple{2, 3, 8, 4, 24},
        std::tuple{4, 4, 33, 31, 8}}) {
    std::vector<float> image(static_cast<std::size_t>(images * channels * height * width));
    std::vector<float> gradient(static_cast<std::size_t>(images * outputs * height * width));
    for (float& value : image) value = normal(random);
    for (float& value : gradient) value = normal(random);
    std::vector<float> weights(static_cast<std::size_t>(outputs * channels * 9), 77),
        bias(static_cast<std::size_t>(outputs), 77);
    ImageWeights kernel(static_cast<std::size_t>(images), static_cast<std::size_t>(channels),
                        static_cast<std::size_t>(height), static_cast<std::size_t>(width),
                        static_cast<std::size_t>(outputs));
    // Twice: nothing of the first call is left in the second.
    kernel.run(gradient.data(), gradient.data(), weights.data(), nullptr);
    kernel.run(image.data(), gradient.data(), weights.data(), bias.data());
    const auto at = [&](int i, int o, int y, int x) {
      return static_cast<double>(gradient[static_cast<std::size_t>(
          (((i * (outputs / 8) + o / 8) * height + y) * width + x) * 8 + o % 8)]);
    };
    const double terms = images * height * width;
    for (int o = 0; o < outputs; ++o) {
      double sum = 0;
      for (int i = 0; i < images; ++i)
        for (int y = 0; y < height; ++y)
          for (int x = 0; x < width; ++x) sum += at(i, o, y, x);
      EXPECT_NEAR(static_cast<double>(bias[static_cast<std::size_t>(o)]), sum, 1e-6 * terms);
      for (int c = 0; c < channels; ++c)
        for (int ky = 0; ky < 3; ++ky)
          for (int kx = 0; kx < 3; ++kx) {
            double expected = 0;
            for (int i = 0; i < images; ++i)
              for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                  const int from_y = y + ky - 1, from_x = x + kx - 1;
                  if (from_y < 0 || from_y >= height || from_x < 0 || from_x >= width) continue;
                  expected += at(i, o, y, x) * static_cast<double>(image[static_cast<std::size_t>(
                                                   ((i * channels + c) * height + from_y) * width + from_x)]);
                }
            EXPECT_NEAR(static_cast<double>(
                            weights[static_cast<std::size_t>(((o * channels + c) * 3 + ky) * 3 + kx)]),
                        expected, 1e-6 * terms)
                << images << " images, output " << o;
          }
    }
  }
}

}  // namespace
}  // namespace fl
