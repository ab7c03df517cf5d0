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
