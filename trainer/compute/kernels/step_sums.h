#pragma once
// The summations of a training step and of an evaluation; one segment each.

#include "trainer/compute/kernels/step_kernels.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::kernels {

// Over the images of a training batch.
struct BatchLoss {
  static constexpr int kSums = 2;
  const float* losses;
  const std::int32_t* hits;
  const StepState* state;
  StepOutcome* outcomes;
  double images;
  FL_HD Sums<2> term(std::size_t, std::size_t n) const {
    const std::size_t place = state->cursor.begin + n;
    return {{static_cast<double>(losses[place]), static_cast<double>(hits[place])}};
  }
  FL_HD void finish(std::size_t, const Sums<2>& total) const {
    finish_loss(*state, outcomes, total.values[0], total.values[1], images);
  }
};

// Over the gradient arena.
struct GradientNorm {
  static constexpr int kSums = 1;
  const float* gradients;
  StepState* state;
  StepOutcome* outcomes;
  FL_HD Sums<1> term(std::size_t, std::size_t i) const {
    const auto g = static_cast<double>(gradients[i]);
    return {{g * g}};
  }
  FL_HD void finish(std::size_t, const Sums<1>& total) const { finish_gradients(*state, outcomes, total.values[0]); }
};

// Over the parameter arena: the update itself.
struct Update {
  static constexpr int kSums = 1;
  UpdateWeight update;
  StepState* state;
  StepOutcome* outcomes;
  std::size_t batch;
  FL_HD Sums<1> term(std::size_t, std::size_t i) const {
    const auto change = static_cast<double>(update(i));
    return {{change * change}};
  }
  FL_HD void finish(std::size_t, const Sums<1>& total) const {
    finish_update(*state, outcomes, total.values[0], batch);
  }
};

struct ListTotals {
  double loss = 0, squares = 0, hits = 0;
};

// What an evaluation of so many images left.
struct Evaluated {
  const ListTotals* totals = nullptr;
  double images = 1;
};

// Over all images of an evaluation.
struct ListLoss {
  static constexpr int kSums = 3;
  const float* losses;
  const std::int32_t* hits;
  ListTotals* totals;
  FL_HD Sums<3> term(std::size_t, std::size_t i) const {
    const auto loss = static_cast<double>(losses[i]);
    return {{loss, loss * loss, static_cast<double>(hits[i])}};
  }
  FL_HD void finish(std::size_t, const Sums<3>& total) const {
    *totals = {total.values[0], total.values[1], total.values[2]};
  }
};

}  // namespace fl::kernels
