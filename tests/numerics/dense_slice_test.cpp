// Landscape points of a head go another way than those of other networks: the same losses, whoever counts.
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "trainer/compute/backend.h"
#include "trainer/compute/kernels/arena_kernels.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

constexpr std::size_t kImages = 80, kPoints = 19;

// Two hidden layers, the second of which has dropout behind it.
NetSpec deep_head() {
  NetSpec spec = dense_head({37, 1, 1}, {24, 9}, 3);
  spec.layers.insert(spec.layers.end() - 1, {.kind = LayerKind::kDropout, .name = "drop"});
  spec.clip = 1e-3;
  return spec;
}

class DenseSlices : public testing::Test {
 protected:
  std::vector<float> noise(std::size_t count, float size) {
    std::normal_distribution<float> normal(0, size);
    std::vector<float> values(count);
    for (float& value : values) value = normal(random_);
    return values;
  }
  std::unique_ptr<Program> compile(const NetSpec& spec, int threads) {
    auto program = make_cpu_backend(threads).value()->compile(spec, 4).value();
    std::vector<std::int32_t> labels(kImages);
    for (std::size_t i = 0; i < kImages; ++i) labels[i] = static_cast<std::int32_t>(i * i) % spec.classes;
    random_.seed(5);
    program->set_data(noise(kImages * spec.input.floats(), 1), labels);
    const std::size_t floats = program->layout().floats;
    origin_ = noise(floats, 0.3f);
    d1_ = noise(floats, 0.2f);
    d2_ = noise(floats, 0.2f);
    program->write_params(origin_);
    return program;
  }
  std::vector<double> losses(Program& program) {
    program.set_slice(probe_, origin_, d1_, d2_);
    std::vector<double> found(points_.size());
    program.evaluate_slice(points_, found);
    return found;
  }

  DenseSlices() {
    for (std::size_t i = 0; i < kPoints; ++i)
      points_.push_back({0.1 * static_cast<double>(i) - 0.9, 0.7 - 0.05 * static_cast<double>(i * i % 23)});
    for (std::int32_t i = 3; i < 76; i += i % 3 == 0 ? 2 : 1) probe_.push_back(78 - i);
  }
  std::mt19937 random_{1};
  std::vector<float> origin_, d1_, d2_;
  std::vector<SlicePoint> points_;
  std::vector<std::int32_t> probe_;
};

TEST_F(DenseSlices, AreTheLossesOfTheWeightsThere) {
  for (const NetSpec& spec :
       {deep_head(), dense_head({37, 1, 1}, {24}, 2), dense_head({2, 5, 4}, {}, 3), mlp({1, 8, 8}, 2)}) {
    auto program = compile(spec, 2);
    EXPECT_GT(program->points_at_once(), 1u);
    const std::vector<double> found = losses(*program);
    std::vector<float> params(origin_.size());
    for (std::size_t p = 0; p < kPoints; ++p) {
      for (std::size_t i = 0; i < params.size(); ++i)
        params[i] = kernels::slice_point(origin_[i], d1_[i], d2_[i], static_cast<float>(points_[p].a),
                                         static_cast<float>(points_[p].b));
      program->write_params(params);
      const double expected = program->evaluate(probe_, {}).batch.loss;
      EXPECT_NEAR(found[p], expected, 1e-5 * std::max(1.0, expected)) << spec.layers.size() << " " << p;
    }
    program->write_params(origin_);
    const auto again = losses(*program);
    EXPECT_EQ(again, found) << "whatever the weights are now";
  }
}

TEST_F(DenseSlices, AreTheSameOnAnyNumberOfThreadsAndInAnyCompany) {
  const auto one = losses(*compile(deep_head(), 1));
  auto program = compile(deep_head(), 3);
  EXPECT_EQ(losses(*program), one);
  for (std::size_t p = 0; p < kPoints; p += 5) {
    double alone = 0;
    program->evaluate_slice(std::span(points_).subspan(p, 1), {&alone, 1});
    EXPECT_EQ(alone, one[p]);
  }
  // So many that the threads share them.
  const std::vector<SlicePoint> few = points_;
  while (points_.size() < 19 * 500) points_.insert(points_.end(), few.begin(), few.end());
  const auto many = losses(*program);
  for (std::size_t p = 0; p < many.size(); ++p) ASSERT_EQ(many[p], one[p % kPoints]) << p;
}

TEST_F(DenseSlices, AHoleStaysAHole) {
  auto program = compile(dense_head({37, 1, 1}, {24}, 2), 2);
  points_[4] = {std::nan(""), 0};
  points_[7] = {3e38, 3e38};
  const auto found = losses(*program);
  for (std::size_t p = 0; p < kPoints; ++p) EXPECT_EQ(std::isfinite(found[p]), p != 4 && p != 7) << p;
}

TEST_F(DenseSlices, AreForDenseLayersThatAreTrained) {
  NetSpec frozen = dense_head({37, 1, 1}, {24}, 2);
  frozen.layers.front().frozen = true;
  EXPECT_EQ(compile(frozen, 1)->points_at_once(), 1u);
  EXPECT_EQ(compile(ct_small({1, 16, 16}, 2), 1)->points_at_once(), 1u);
}

}  // namespace
}  // namespace fl
