#pragma once
// A network with random parameters, images and labels, to compare gradients on.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/net/init.h"
#include "trainer/net/param_layout.h"

namespace fl::test {

struct Problem {
  NetSpec spec;
  std::vector<float> params;
  std::vector<float> images;
  std::vector<std::int32_t> labels;
};

inline Problem make_problem(const NetSpec& spec, std::size_t count, std::uint64_t seed) {
  Problem problem{spec, {}, {}, {}};
  const ParamLayout layout = ParamLayout::of(spec);
  problem.params.resize(layout.all_floats);
  EXPECT_TRUE(initialise(layout, "he", 1.0, seed, problem.params).ok());
  RandomStream random(seed, StreamId::kTest);
  for (const ParamTensor& tensor : layout.tensors)
    if (tensor.kind != ParamKind::kWeight)
      for (std::size_t i = 0; i < tensor.count; ++i)
        problem.params[tensor.offset + i] =
            static_cast<float>(random.normal(tensor.kind == ParamKind::kScale ? 1 : 0, 0.2));
  problem.images.resize(count * spec.input.floats());
  for (float& value : problem.images) value = static_cast<float>(random.normal());
  for (std::size_t i = 0; i < count; ++i)
    problem.labels.push_back(
        static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(spec.classes))));
  return problem;
}

// Random targets for a network with several outputs, [image][classes].
inline std::vector<float> make_targets(const NetSpec& spec, std::size_t images) {
  RandomStream random(5, StreamId::kTest, 9);
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::vector<float> targets;
  for (std::size_t n = 0; n < images; ++n)
    for (const OutputSpec& output : spec.outputs) {
      const TensorShape s = shapes[static_cast<std::size_t>(output.layer)];
      const auto channels = static_cast<std::size_t>(s.channels), pixels = s.floats() / channels;
      const std::size_t begin = targets.size();
      for (std::size_t i = 0; i < s.floats(); ++i) targets.push_back(static_cast<float>(random.uniform()));
      if (output.loss == LossKind::kSigmoid) continue;
      for (std::size_t p = 0; p < pixels; ++p) {
        float sum = 0;
        for (std::size_t c = 0; c < channels; ++c) sum += targets[begin + c * pixels + p];
        for (std::size_t c = 0; c < channels; ++c) targets[begin + c * pixels + p] /= sum;
      }
    }
  return targets;
}

inline std::vector<double> widen(std::span<const float> values) {
  return {values.begin(), values.end()};
}

// |computed - expected|^2 / |expected|^2; infinite where nothing is expected, which would prove nothing.
inline double relative_error(std::span<const float> computed, std::span<const double> expected) {
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    error += std::pow(static_cast<double>(computed[i]) - expected[i], 2);
    norm += std::pow(expected[i], 2);
  }
  return error / norm;
}

}  // namespace fl::test
