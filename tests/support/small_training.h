#pragma once
// A training small enough to run whole in a test: a few steps on a few small phantoms.

#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/subjects/training.h"

namespace fl::test {

inline RunSpec small_spec() {
  RunSpec spec;
  spec.title = "small";
  spec.data.image_size = 16;
  spec.data.phantom_counts = {12, 12};
  spec.epochs = 6;
  spec.batch_size = 8;
  spec.threads = 2;
  spec.landscape.grid = 17;
  return spec;
}

// Two layers without anything between them: what comes out grows with the square of the weights.
inline RunSpec linear_spec() {
  RunSpec spec = small_spec();
  spec.layers = {{.kind = LayerKind::kDense, .name = "dense1", .out_channels = 8, .output = "hidden"},
                 {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 2}};
  return spec;
}

// A step of linear_spec() whose own loss is a number, and whose update leaves weights that are numbers and give none.
inline void step_too_far(Training& training) {
  training.set_optimizer(OptimizerKind::kGradientDescent);
  training.set_rate(1e30);
  training.step();
}

// Phantoms are drawn once for each specification: many tests ask for the same ones, and to draw them takes longer than
// to train on them.
inline Result<Dataset> small_data(const RunSpec& spec) {
  struct Drawn {
    DataSpec spec;
    std::uint64_t seed;
    Dataset data;
  };
  static std::vector<Drawn> drawn;
  if (spec.data.source != "phantom") return load_dataset(spec.data, ".", spec.seed);
  for (const Drawn& before : drawn)
    if (before.spec == spec.data && before.seed == spec.seed) return before.data;
  auto data = load_dataset(spec.data, ".", spec.seed);
  if (data) drawn.push_back({spec.data, spec.seed, *data});
  return data;
}

inline std::unique_ptr<Training> make_training(const RunSpec& spec) {
  auto data = small_data(spec);
  EXPECT_TRUE(data.ok()) << data.error().message;
  auto training = Training::create(spec, *std::move(data), *make_cpu_backend(spec.threads));
  EXPECT_TRUE(training.ok()) << training.error().message;
  return *std::move(training);
}

inline std::vector<float> params_of(const Training& training) {
  std::vector<float> params(training.program().layout().floats);
  training.program().read_params(params);
  return params;
}

// Steps that are good but for what the last one leaves: weights that are numbers and give none.
inline std::unique_ptr<Training> diverged_by_its_last_step() {
  RunSpec spec = linear_spec();
  spec.epochs = 1;
  auto training = make_training(spec);
  while (training->steps() + 1 < training->total_steps()) training->step();
  step_too_far(*training);
  return training;
}

}  // namespace fl::test
