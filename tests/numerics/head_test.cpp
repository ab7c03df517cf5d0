// The head that Teachable Machine trains on embeddings, against its recipe in plain loops and double: dense
// with ReLU, dense without bias, softmax, a clipped cross-entropy, Adam with epsilon outside the root, the
// same batches in the same order, the last small one kept.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "trainer/compute/backend.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

constexpr int kInputs = 160, kUnits = 100, kClasses = 3, kBatch = 16, kSteps = 20;
constexpr std::size_t kImages = 60;  // the last batch of an epoch has 12
constexpr double kRate = 1e-3, kClip = 1e-7;

std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

// A matrix of weights with what Adam knows of it.
struct Trained {
  std::vector<double> weights, gradients, first, second;
  explicit Trained(std::vector<double> start)
      : weights(std::move(start)), gradients(weights.size()), first(weights.size()), second(weights.size()) {}

  void step(int t) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      first[i] = 0.9 * first[i] + 0.1 * gradients[i];
      second[i] = 0.999 * second[i] + 0.001 * gradients[i] * gradients[i];
      const double mean = first[i] / (1 - std::pow(0.9, t)), square = second[i] / (1 - std::pow(0.999, t));
      weights[i] -= kRate * mean / (std::sqrt(square) + 1e-7);
      gradients[i] = 0;
    }
  }
};

struct PlainHead {
  Trained hidden, bias, last;
  int clipped = 0;  // images whose loss was

  // Of one image; adds its share to the gradients.
  double learn(const float* image, int label, double share) {
    std::vector<double> units(kUnits), above(kUnits), p(kClasses);
    for (int u = 0; u < kUnits; ++u) {
      double sum = bias.weights[size(u)];
      for (int i = 0; i < kInputs; ++i)
        sum += hidden.weights[size(u * kInputs + i)] * static_cast<double>(image[i]);
      units[size(u)] = std::max(sum, 0.0);
    }
    double total = 0;
    for (int c = 0; c < kClasses; ++c) {
      double sum = 0;
      for (int u = 0; u < kUnits; ++u) sum += last.weights[size(c * kUnits + u)] * units[size(u)];
      total += p[size(c)] = std::exp(sum);
    }
    for (double& probability : p) probability /= total;
    const double own = p[size(label)], seen = std::min(std::max(own, kClip), 1 - kClip);
    if (own == seen) {
      for (int c = 0; c < kClasses; ++c) {
        const double g = share * (p[size(c)] - (c == label ? 1 : 0));
        for (int u = 0; u < kUnits; ++u) {
          last.gradients[size(c * kUnits + u)] += g * units[size(u)];
          above[size(u)] += g * last.weights[size(c * kUnits + u)];
        }
      }
      for (int u = 0; u < kUnits; ++u) {
        if (units[size(u)] == 0) continue;
        bias.gradients[size(u)] += above[size(u)];
        for (int i = 0; i < kInputs; ++i)
          hidden.gradients[size(u * kInputs + i)] += above[size(u)] * static_cast<double>(image[i]);
      }
    } else {
      ++clipped;
    }
    return -std::log(seen);
  }
};

TEST(TransferHead, TwentyStepsFollowTheRecipe) {
  NetSpec spec = dense_head({kInputs, 1, 1}, {kUnits}, kClasses);
  spec.clip = kClip;
  auto program = make_cpu_backend(2).value()->compile(spec, kBatch).value();
  const ParamLayout& layout = program->layout();
  std::vector<float> params(layout.all_floats);
  ASSERT_TRUE(initialise(layout, "tm-truncated", 1, 7, params).ok());
  EXPECT_EQ(layout.parameters, size(kInputs * kUnits + kUnits + kUnits * kClasses));

  // Embeddings are averages behind a ReLU6: not negative, many of them zero. Some images are so far out that
  // the loss is clipped.
  RandomStream random(7, StreamId::kTest);
  std::vector<float> images(kImages * kInputs);
  std::vector<std::int32_t> labels;
  for (std::size_t image = 0; image < kImages; ++image) {
    labels.push_back(static_cast<std::int32_t>(image % kClasses));
    const double scale = image % 9 == 4 ? 60 : 1;
    for (std::size_t i = 0; i < kInputs; ++i)
      images[image * kInputs + i] =
          static_cast<float>(scale * std::max(0.0, random.normal(i % 3 == image % 3 ? 0.3 : 0, 1)));
  }
  program->set_data(images, labels);
  program->write_params(params);
  program->set_optimizer(optimizer_info(OptimizerKind::kAdam).defaults);

  const auto values = [&](const char* name) {
    const ParamTensor* tensor = layout.find(name);
    return std::vector<double>(params.begin() + static_cast<std::ptrdiff_t>(tensor->offset),
                               params.begin() + static_cast<std::ptrdiff_t>(tensor->offset + tensor->count));
  };
  PlainHead plain{Trained(values("head1.weight")), Trained(values("head1.bias")),
                  Trained(values("dense.weight"))};
  for (std::size_t step = 0, begin = 0; step < kSteps; ++step) {
    std::vector<std::int32_t> batch;
    for (std::size_t i = begin; i < std::min(begin + kBatch, kImages); ++i)
      batch.push_back(static_cast<std::int32_t>(i * 7 % kImages));
    begin = begin + kBatch < kImages ? begin + kBatch : 0;
    double loss = 0;
    for (const std::int32_t image : batch)
      loss += plain.learn(images.data() + image * kInputs, labels[size(image)],
                          1.0 / static_cast<double>(batch.size()));
    loss /= static_cast<double>(batch.size());
    for (Trained* part : {&plain.hidden, &plain.bias, &plain.last}) part->step(static_cast<int>(step) + 1);
    EXPECT_NEAR(program->train_step(batch, kRate).batch.loss, loss, 1e-4 * std::max(1.0, loss))
        << "step " << step;
  }
  EXPECT_GT(plain.clipped, 0);
  program->read_params(params);
  const auto expect_same = [&](const char* name, const Trained& part) {
    const std::vector<double> now = values(name);
    for (std::size_t i = 0; i < now.size(); ++i)
      EXPECT_NEAR(now[i], part.weights[i], 1e-4) << name << " " << i;
  };
  expect_same("head1.weight", plain.hidden);
  expect_same("head1.bias", plain.bias);
  expect_same("dense.weight", plain.last);
}

}  // namespace
}  // namespace fl
