// Augmentation: maps whose result is known exactly, the same in float and double, and where it applies.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/compute/backend.h"
#include "trainer/compute/kernels/augment_kernels.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

using kernels::affine_map;
using kernels::AffineMap;

constexpr int kChannels = 3, kWidth = 7, kHeight = 7;

template <typename T>
std::vector<T> random_image(std::uint32_t index, std::size_t floats = kChannels * kWidth * kHeight) {
  RandomStream random(5, StreamId::kTest, index);
  std::vector<T> image(floats);
  for (T& value : image) value = static_cast<T>(static_cast<float>(random.normal()));
  return image;
}

template <typename T>
std::vector<T> augmented(const AffineMap<T>& map, const std::vector<T>& image, int width = kWidth,
                         int height = kHeight) {
  std::vector<T> out(image.size());
  const int channels = static_cast<int>(image.size()) / (width * height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      kernels::augment_pixel(map, image.data(), channels, width, height, x, y, out.data());
  return out;
}

// `image` with pixel (x, y) taken from (f(x, y)), clamped to the image.
template <typename T, typename F>
std::vector<T> moved(const std::vector<T>& image, F f, int width = kWidth, int height = kHeight) {
  std::vector<T> out(image.size());
  const int channels = static_cast<int>(image.size()) / (width * height);
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        auto [from_x, from_y] = f(x, y);
        from_x = std::clamp(from_x, 0, width - 1);
        from_y = std::clamp(from_y, 0, height - 1);
        out[static_cast<std::size_t>((c * height + y) * width + x)] =
            image[static_cast<std::size_t>((c * height + from_y) * width + from_x)];
      }
  return out;
}

template <typename T>
class AugmentKernel : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(AugmentKernel, Precisions);

TYPED_TEST(AugmentKernel, TheIdentityIsExact) {
  using T = TypeParam;
  const auto image = random_image<T>(1);
  EXPECT_EQ(augmented(affine_map<T>(false, 0, 0, 0, kWidth, kHeight), image), image);
}

TYPED_TEST(AugmentKernel, AFlipIsExact) {
  using T = TypeParam;
  for (const auto& [width, height] : {std::pair{7, 7}, std::pair{8, 6}}) {
    const auto image = random_image<T>(2, static_cast<std::size_t>(width * height));
    const auto expected = moved(
        image,
        [w = width](int x, int y) {
          return std::pair{w - 1 - x, y};
        },
        width, height);
    EXPECT_EQ(augmented(affine_map<T>(true, 0, 0, 0, width, height), image, width, height), expected);
  }
}

TYPED_TEST(AugmentKernel, AShiftByWholePixelsIsExactAndTheEdgeContinues) {
  using T = TypeParam;
  const auto image = random_image<T>(3);
  for (const auto& [right, down] : {std::pair{2, 0}, std::pair{0, 3}, std::pair{-3, 1}, std::pair{9, -9}}) {
    const auto expected = moved(image, [r = right, d = down](int x, int y) {
      return std::pair{x - r, y - d};
    });
    EXPECT_EQ(augmented(affine_map<T>(false, 0, static_cast<T>(right), static_cast<T>(down), kWidth, kHeight),
                        image),
              expected)
        << right << ", " << down;
  }
}

TYPED_TEST(AugmentKernel, AQuarterTurnMovesEveryPixelToItsPlace) {
  using T = TypeParam;
  for (const int side : {7, 8}) {
    const auto image = random_image<T>(4, static_cast<std::size_t>(side * side));
    // Counter-clockwise: the upper right corner comes to the upper left.
    const auto expected = moved(
        image,
        [side](int x, int y) {
          return std::pair{side - 1 - y, x};
        },
        side, side);
    const auto turned = augmented(
        affine_map<T>(false, static_cast<T>(std::numbers::pi / 2), 0, 0, side, side), image, side, side);
    for (std::size_t i = 0; i < image.size(); ++i)
      EXPECT_NEAR(turned[i], expected[i], 1e-6 * (1 + std::abs(static_cast<double>(expected[i])))) << i;
  }
}

TYPED_TEST(AugmentKernel, FlipsThenTurnsThenShifts) {
  using T = TypeParam;
  const auto image = random_image<T>(6);
  const auto step = [&](bool flip, T radians, T right, const std::vector<T>& from) {
    return augmented(affine_map<T>(flip, radians, right, 0, kWidth, kHeight), from);
  };
  const T quarter = static_cast<T>(std::numbers::pi / 2);
  const auto one_by_one = step(false, 0, 1, step(false, quarter, 0, step(true, 0, 0, image)));
  const auto at_once = step(true, quarter, 1, image);
  for (std::size_t i = 0; i < image.size(); ++i) EXPECT_NEAR(at_once[i], one_by_one[i], 1e-5);
}

// A plane is what bilinear sampling reproduces between the pixels, too.
TYPED_TEST(AugmentKernel, SamplesBetweenPixels) {
  using T = TypeParam;
  std::vector<T> ramp(kWidth * kHeight);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      ramp[static_cast<std::size_t>(y * kWidth + x)] = static_cast<T>(2 * x - 3 * y);
  const auto map =
      affine_map<T>(false, static_cast<T>(0.1), static_cast<T>(0.25), static_cast<T>(-0.5), kWidth, kHeight);
  const auto out = augmented(map, ramp);
  for (int y = 2; y < kHeight - 2; ++y)
    for (int x = 2; x < kWidth - 2; ++x) {
      const T u = static_cast<T>(x) - 3 - static_cast<T>(0.25),
              v = static_cast<T>(y) - 3 + static_cast<T>(0.5);
      const T from_x = 3 + u * std::cos(T(0.1)) - v * std::sin(T(0.1));
      const T from_y = 3 + u * std::sin(T(0.1)) + v * std::cos(T(0.1));
      EXPECT_NEAR(out[static_cast<std::size_t>(y * kWidth + x)], 2 * from_x - 3 * from_y, 1e-5);
    }
}

TEST(AugmentDraw, IsAPureFunctionOfSeedUpdateAndImageWithinItsBounds) {
  const AugmentSpec spec{.flip = true, .rotate = 20, .shift = 0.1};
  const auto draw = [&](std::uint64_t seed, std::uint64_t update, std::uint32_t image) {
    return kernels::draw_affine_map<double>(spec, seed, update, image, 64, 64);
  };
  const auto same = [](const AffineMap<double>& a, const AffineMap<double>& b) {
    return a.xx == b.xx && a.xy == b.xy && a.x0 == b.x0 && a.yx == b.yx && a.yy == b.yy && a.y0 == b.y0;
  };
  EXPECT_TRUE(same(draw(1, 2, 3), draw(1, 2, 3)));
  EXPECT_FALSE(same(draw(1, 2, 3), draw(2, 2, 3)));
  EXPECT_FALSE(same(draw(1, 2, 3), draw(1, 3, 3)));
  EXPECT_FALSE(same(draw(1, 2, 3), draw(1, 2, 4)));
  constexpr int kDraws = 4000;
  int flips = 0;
  double most_turn = 0, most_shift = 0, turns = 0, shifts = 0;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const auto map = draw(1, i / 16, i % 16);
    flips += map.xx < 0 ? 1 : 0;
    const double turn = std::asin(map.yx) * 180 / std::numbers::pi;
    // The centre of the image comes to the centre and the shift: solve the map for where it shows 31.5.
    const double x = 31.5 - map.x0, y = 31.5 - map.y0, det = map.xx * map.yy - map.xy * map.yx;
    const double right = (map.yy * x - map.xy * y) / det - 31.5;
    most_turn = std::max(most_turn, std::abs(turn));
    most_shift = std::max(most_shift, std::abs(right));
    turns += turn / kDraws;
    shifts += right / kDraws;
  }
  EXPECT_NEAR(flips, kDraws / 2, 5 * std::sqrt(kDraws) / 2);
  EXPECT_GT(most_turn, 19.9);
  EXPECT_LE(most_turn, 20 + 1e-9);
  EXPECT_GT(most_shift, 6.3);
  EXPECT_LE(most_shift, 6.4 + 1e-9);
  EXPECT_NEAR(turns, 0, 5 * 20 / std::sqrt(3.0 * kDraws));
  EXPECT_NEAR(shifts, 0, 5 * 6.4 / std::sqrt(3.0 * kDraws));
}

TEST(AugmentDraw, FloatFollowsDouble) {
  const AugmentSpec spec{.flip = true, .rotate = 30, .shift = 0.1};
  const auto image = random_image<float>(9, 64 * 64);
  const std::vector<double> wide(image.begin(), image.end());
  for (std::uint32_t i = 0; i < 20; ++i) {
    const auto narrow = augmented(kernels::draw_affine_map<float>(spec, 3, 7, i, 64, 64), image, 64, 64);
    const auto exact = augmented(kernels::draw_affine_map<double>(spec, 3, 7, i, 64, 64), wide, 64, 64);
    // The point sampled is off by rounding at coordinates up to 64, times a slope of a few units a pixel.
    for (std::size_t k = 0; k < image.size(); ++k) ASSERT_NEAR(narrow[k], exact[k], 3e-4) << i << " " << k;
  }
}

TEST(AugmentDraw, WithOneOptionOnTheOthersStayOut) {
  for (std::uint32_t i = 0; i < 50; ++i) {
    const auto flip = kernels::draw_affine_map<float>({.flip = true}, 1, i, 0, 64, 64);
    EXPECT_EQ(std::abs(flip.xx), 1.0f);
    EXPECT_EQ(flip.yy, 1.0f);
    EXPECT_EQ(flip.y0, 0.0f);
    EXPECT_EQ(flip.x0, flip.xx < 0 ? 63.0f : 0.0f);
    const auto shift = kernels::draw_affine_map<float>({.shift = 0.2}, 1, i, 0, 64, 64);
    EXPECT_EQ(shift.xx, 1.0f);
    EXPECT_EQ(shift.yx, 0.0f);
    EXPECT_NE(shift.x0, 0.0f);
  }
}

// A network that is one dense layer: its weights' gradient shows the very pixels it was given.
class AugmentedProgram : public testing::Test {
 protected:
  static constexpr int kImages = 5, kSide = 8;
  void SetUp() override {
    NetSpec spec{
        "dense", {2, kSide, kSide}, 2, {{.kind = LayerKind::kDense, .name = "d", .out_channels = 2}}};
    backend_ = make_cpu_backend(2).value();
    program_ = backend_->compile(spec, kImages).value();
    pixels_ = random_image<float>(20, kImages * spec.input.floats());
    program_->set_data(pixels_, std::vector<std::int32_t>{0, 1, 0, 1, 1});
    program_->write_params(std::vector<float>(program_->layout().floats));
    program_->set_seed(42);
  }
  // With all weights 0 the gradient of a logit is -1/2 for the label, 1/2 for the other.
  std::vector<float> seen(std::int32_t image, float label_sign) {
    program_->forward_backward({&image, 1});
    std::vector<float> gradients(program_->layout().floats);
    program_->read_gradients(gradients);
    const std::size_t floats = program_->spec().input.floats();
    std::vector<float> pixels(gradients.begin(), gradients.begin() + static_cast<std::ptrdiff_t>(floats));
    for (float& pixel : pixels) pixel *= label_sign * 2;
    return pixels;
  }
  [[nodiscard]] std::vector<float> image(std::size_t i) const {
    const std::size_t floats = program_->spec().input.floats();
    const auto begin = pixels_.begin() + static_cast<std::ptrdiff_t>(i * floats);
    return {begin, begin + static_cast<std::ptrdiff_t>(floats)};
  }

  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Program> program_;
  std::vector<float> pixels_;
};

TEST_F(AugmentedProgram, TrainsOnWhatTheKernelDraws) {
  EXPECT_EQ(seen(1, 1), image(1)) << "off: the image itself";
  const AugmentSpec spec{.flip = true, .rotate = 15, .shift = 0.1};
  program_->set_augmentation(spec);
  const auto expected = [&](std::uint64_t update) {
    return augmented(kernels::draw_affine_map<float>(spec, 42, update, 0, kSide, kSide), image(1), kSide,
                     kSide);
  };
  EXPECT_EQ(seen(1, 1), expected(0));
  EXPECT_EQ(seen(1, 1), expected(0)) << "the same update draws the same";
  const std::int32_t other = 2;
  program_->train_step({&other, 1}, 0.0);
  EXPECT_EQ(seen(1, 1), expected(1));
  program_->set_optimizer({});
  EXPECT_EQ(seen(1, 1), expected(1)) << "another optimizer is no new training";
  program_->set_seed(42);
  EXPECT_EQ(seen(1, 1), expected(0));
  program_->set_augmentation({});
  EXPECT_EQ(seen(1, 1), image(1));
}

TEST_F(AugmentedProgram, EvaluationSliceAndActivationsSeeTheImagesAsTheyAre) {
  std::vector<float> params = random_image<float>(30, program_->layout().floats);
  program_->write_params(params);
  const std::vector<std::int32_t> all = {0, 1, 2, 3, 4};
  const std::vector<float> zero(params.size());
  const auto measure = [&] {
    std::vector<double> figures = {program_->evaluate(all, {}).batch.loss,
                                   program_->evaluate(all, {}, NormStatistics::kReestimated).batch.loss};
    program_->set_slice(all, params, zero, zero);
    const SlicePoint origin;
    figures.push_back(0);
    program_->evaluate_slice({&origin, 1}, {&figures.back(), 1});
    std::vector<float> shown(program_->spec().input.floats());
    const int input = -1;
    program_->activations(3, {&input, 1}, shown);
    figures.insert(figures.end(), shown.begin(), shown.end());
    return figures;
  };
  const double training = program_->forward_backward(all).loss;
  const auto before = measure();
  program_->set_augmentation({.flip = true, .rotate = 90, .shift = 0.3});
  program_->set_class_weights(std::vector<float>{3, 0.5f});
  EXPECT_EQ(measure(), before);
  EXPECT_NE(program_->forward_backward(all).loss, training);
}

TEST_F(AugmentedProgram, ThreadsChangeNothing) {
  const std::vector<std::int32_t> all = {0, 1, 2, 3, 4};
  std::vector<double> losses;
  for (const int threads : {1, 2, 3}) {
    auto backend = make_cpu_backend(threads).value();
    auto program = backend->compile(program_->spec(), kImages).value();
    program->set_data(pixels_, std::vector<std::int32_t>{0, 1, 0, 1, 1});
    program->write_params(random_image<float>(31, program->layout().floats));
    program->set_seed(7);
    program->set_augmentation({.flip = true, .rotate = 30, .shift = 0.2});
    losses.push_back(program->forward_backward(all).loss);
  }
  EXPECT_NEAR(losses[1], losses[0], 1e-6 * std::abs(losses[0]));
  EXPECT_NEAR(losses[2], losses[0], 1e-6 * std::abs(losses[0]));
}

}  // namespace
}  // namespace fl
