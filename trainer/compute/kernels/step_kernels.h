#pragma once
// One training step's bookkeeping on the device. A burst of steps runs without the host looking: each step
// finds its constants in a table, writes its outcome into another, and decides itself whether it may change
// the weights. A diverged network keeps its last finite weights, and no later step of the burst moves them.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "trainer/compute/kernels/augment_kernels.h"
#include "trainer/compute/kernels/batch_kernels.h"
#include "trainer/compute/kernels/norm_kernels.h"
#include "trainer/compute/kernels/optimizer_kernels.h"
#include "trainer/compute/kernels/optimizer_kind.h"

namespace fl::kernels {

// What the host says of one step.
struct StepInput {
  OptimizerStep<float> constants[kParameterGroups];
  OptimizerKind optimizer = OptimizerKind::kAdam;
  DrawKey key;
  std::int32_t augment = 0;  // whether `augmentation` does anything
  AugmentSpec augmentation;
  std::size_t place = 0;  // of its outcome
};

// What the device says of it. `loss` is the mean; not finite from the step on that diverged.
struct StepOutcome {
  double loss = 0, gradient_norm = 0, update_norm = 0;
  std::int32_t correct = 0;
  std::int32_t attempted = 0;  // the optimizer made its update
  std::int32_t kept = 0;       // and it stayed
};

struct StepState {
  BatchCursor cursor;
  std::size_t step = 0;  // of the burst
  StepInput input;       // of this step
  std::int32_t diverged = 0;
  std::int32_t proceed = 0;  // loss and gradients of this step are finite
  std::int32_t keep = 0;     // its update is finite, too
};

// The outcomes of a training's steps, that of step s (from 1) at (s - 1) % size; the newest `kept` are there.
// The places between belong to steps that a burst plans and a divergence may leave uncounted.
struct StepRing {
  const StepOutcome* outcomes = nullptr;
  std::size_t size = 0, kept = 0;
};

// The first thing in a step; index 0 only.
struct BeginStep {
  StepState* state;
  const StepInput* inputs;
  FL_HD void operator()(std::size_t) const { state->input = inputs[state->step]; }
};

// The images of a training batch, augmented as the step asks. Index: over [image][pixel].
struct GatherTraining {
  const float* pixels;  // of the resident data
  int channels, height, width;
  const std::int32_t* list;
  const StepState* state;
  float* batch;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t area = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    const std::size_t floats = area * static_cast<std::size_t>(channels);
    const std::size_t n = i / area, pixel = i % area;
    const float* image = pixels + static_cast<std::size_t>(list[list_place(state->cursor, n)]) * floats;
    float* out = batch + n * floats;
    const StepInput& input = state->input;
    if (input.augment == 0) {
      for (std::size_t at = pixel; at < floats; at += area) out[at] = image[at];
      return;
    }
    const auto map = draw_affine_map<float>(input.augmentation, input.key.seed, input.key.update,
                                            static_cast<std::uint32_t>(n), width, height);
    const int at = static_cast<int>(pixel);
    augment_pixel(map, image, channels, width, height, at % width, at / width, out);
  }
};

FL_HD inline void update_weight(OptimizerKind kind, float& weight, float gradient, float& first,
                                float& second, const OptimizerStep<float>& step) {
  switch (kind) {
#define FL_CASE(kind, kernel, ...) \
  case OptimizerKind::kind:        \
    return update<kernel<float>>(weight, gradient, &first, &second, step);
    FL_OPTIMIZERS(FL_CASE)
#undef FL_CASE
  }
}

// All arrays in the parameter arena's layout.
struct TrainedArrays {
  float *params, *gradients, *previous, *first, *second;
  const std::uint8_t* groups;  // parameter_group()
};

// Updates weight `i` and returns its change; the weight before is kept in `previous`.
struct UpdateWeight {
  TrainedArrays arrays;
  const StepState* state;
  FL_HD float operator()(std::size_t i) const {
    if (state->proceed == 0) return 0;
    const OptimizerStep<float>& step = state->input.constants[arrays.groups[i]];
    const float before = arrays.params[i];
    arrays.previous[i] = before;
    float weight = before;
    update_weight(state->input.optimizer, weight, decayed_gradient(weight, arrays.gradients[i], step),
                  arrays.first[i], arrays.second[i], step);
    arrays.params[i] = weight;
    return weight - before;
  }
};

FL_HD inline void finish_loss(const StepState& state, StepOutcome* outcomes, double loss, double hits,
                              double images) {
  StepOutcome& outcome = outcomes[state.input.place];
  outcome = {};
  outcome.loss = loss / images;
  outcome.correct = static_cast<std::int32_t>(hits);
}

FL_HD inline void finish_gradients(StepState& state, StepOutcome* outcomes, double squares) {
  StepOutcome& outcome = outcomes[state.input.place];
  outcome.gradient_norm = std::sqrt(squares);
  state.proceed =
      std::isfinite(outcome.loss) && std::isfinite(outcome.gradient_norm) && state.diverged == 0 ? 1 : 0;
}

FL_HD inline void finish_update(StepState& state, StepOutcome* outcomes, double squares, std::size_t batch) {
  StepOutcome& outcome = outcomes[state.input.place];
  const double norm = std::sqrt(squares);
  outcome.attempted = state.proceed;
  state.keep = state.proceed != 0 && std::isfinite(norm) ? 1 : 0;
  outcome.kept = state.keep;
  outcome.update_norm = state.keep != 0 ? norm : 0;
  if (state.keep == 0) {
    state.diverged = 1;
    if (std::isfinite(outcome.loss)) outcome.loss = HUGE_VAL;
  }
  state.cursor.begin += batch;
  ++state.step;
}

// The last thing in a step: takes back an update that was one too far, or lets the running statistics follow.
// Index: over the weights, then over the statistics.
struct SettleStep {
  const StepState* state;
  float* params;
  const float* previous;
  std::size_t weights;
  float* statistics;
  const float* batch_statistics;
  const StatisticRule* rules;
  FL_HD void operator()(std::size_t i) const {
    if (i < weights) {
      if (state->proceed != 0 && state->keep == 0) params[i] = previous[i];
      return;
    }
    const std::size_t s = i - weights;
    if (state->keep != 0) statistics[s] = follow(statistics[s], batch_statistics[s], rules[s]);
  }
};

}  // namespace fl::kernels
