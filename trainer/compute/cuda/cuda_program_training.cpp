// CudaProgram's steps: their tables on the way to the device, what one step enqueues, and bursts of them.
#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/cuda_program.h"
#include "trainer/compute/cuda/launches.h"

namespace fl::cuda {

void CudaProgram::send_steps(std::span<const TrainBatch> batches) {
  std::size_t images = 0;
  for (const TrainBatch& batch : batches) images += batch.images.size();
  lane_.stream.synchronize();  // what was staged last has left
  reserve(images);
  std::size_t at = 0;
  for (std::size_t s = 0; s < batches.size(); ++s) {
    FL_CHECK(!batches[s].images.empty());
    lists_.stage(at, batches[s].images, images_);
    at += batches[s].images.size();
    // As if every step before were made: where one is not, none of those behind it is, either.
    const auto before = static_cast<std::int64_t>(s);
    staged_inputs_[s] = {.constants = {},
                         .optimizer = optimizer_.kind,
                         .key = {.seed = seed_, .update = static_cast<std::uint64_t>(updates_ + before)},
                         .augment = augmentation_.any() ? 1 : 0,
                         .augmentation = augmentation_,
                         .place = (steps_ + s) % outcomes_.size()};
    for (const bool other : {false, true}) {
      const double rate = batches[s].rate * (other ? other_rate_factor_ : 1);
      const OptimizerConstants constants =
          optimizer_constants(optimizer_, rate, optimizer_steps_ + before + 1);
      for (const bool decays : {false, true})
        staged_inputs_[s].constants[kernels::parameter_group(decays, other)] = constants.of(decays);
    }
  }
  staged_state_[0] = {.cursor = {.begin = 0, .count = images}, .step = 0, .input = {}};
  lists_.send(lane_.stream, images);
  copy_to_device(lane_.stream, inputs_.data(), staged_inputs_.data(),
                 batches.size() * sizeof(kernels::StepInput));
  copy_to_device(lane_.stream, state_.data(), staged_state_.data(), state_.bytes());
}

void CudaProgram::enqueue_gradients(NetPlan& plan) {
  const Stream& stream = lane_.stream;
  kernels::StepState* state = state_.data().get();
  const auto batch = static_cast<float>(plan.batch());
  plan.begin();
  run(stream, 1, kernels::BeginStep{state, inputs_.data().get()});
  const TensorShape image = spec_.input;
  run(stream, plan.batch() * image.floats() / static_cast<std::size_t>(image.channels),
      kernels::GatherTraining{pixels_.data().get(), image.channels, image.height, image.width,
                              lists_.list().get(), state, plan.input().get()});
  plan.forward(source());
  run(stream, plan.batch(),
      kernels::ImageLoss{plan.logits().get(), spec_.classes, labels_.data().get(), images_,
                         class_weights_.data().get(), lists_.list().get(), &state->cursor,
                         lists_.losses().get(), lists_.hits().get(), nullptr, plan.logit_gradients().get(),
                         1.0f / batch, static_cast<float>(spec_.clip), targets()});
  run_sums(stream, 1, plan.batch(), plan.scratch(),
           kernels::BatchLoss{lists_.losses().get(), lists_.hits().get(), state, outcomes_.data().get(),
                              static_cast<double>(batch)});
  plan.backward(source(), part(Part::kGradients));
}

void CudaProgram::enqueue_update(NetPlan& plan) {
  const Stream& stream = lane_.stream;
  kernels::StepState* state = state_.data().get();
  run_sums(stream, 1, layout_.floats, plan.scratch(),
           kernels::GradientNorm{part(Part::kGradients).get(), state, outcomes_.data().get()});
  const kernels::TrainedArrays arrays{part(Part::kParams).get(),   part(Part::kGradients).get(),
                                      part(Part::kPrevious).get(), part(Part::kFirst).get(),
                                      part(Part::kSecond).get(),   groups_.data().get()};
  run_sums(stream, 1, layout_.floats, plan.scratch(),
           kernels::Update{{arrays, state}, state, outcomes_.data().get(), plan.batch()});
  run(stream, layout_.floats + layout_.statistic_floats,
      kernels::SettleStep{state, arrays.params, arrays.previous, layout_.floats,
                          part(Part::kStatistics).get(), plan.batch_statistics().get(), plan.rules().get()});
}

void CudaProgram::fetch_outcomes(std::size_t steps) {
  each_run_of_ring(steps_, steps_ + steps, [this](std::size_t place, std::size_t at, std::size_t count) {
    copy_to_host(lane_.stream, fetched_outcomes_.data() + at, outcomes_.data() + place,
                 count * sizeof(kernels::StepOutcome));
  });
}

BatchResult CudaProgram::forward_backward(std::span<const std::int32_t> images) {
  bind();
  check_targets();
  const TrainBatch batch{images, 0};
  send_steps({&batch, 1});
  enqueue_gradients(recorded(NetPlan::Mode::kTraining, images.size()).plan);
  fetch_outcomes(1);
  lane_.stream.synchronize();
  return {.loss = fetched_outcomes_[0].loss,
          .correct = fetched_outcomes_[0].correct,
          .images = static_cast<int>(images.size())};
}

StepResult CudaProgram::train_step(std::span<const std::int32_t> images, double rate) {
  const TrainBatch batch{images, rate};
  StepResult result;
  train_steps({&batch, 1}, {&result, 1});
  return result;
}

std::size_t CudaProgram::train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results) {
  FL_CHECK(results.size() == batches.size());
  bind();
  check_targets();
  std::size_t done = 0;
  while (done < batches.size()) {
    const std::size_t count = std::min(kBurst, batches.size() - done);
    const std::size_t made = run_burst(batches.subspan(done, count), results.subspan(done, count));
    done += made;
    if (made < count || !std::isfinite(results[done - 1].batch.loss)) break;
  }
  return done;
}

std::size_t CudaProgram::run_burst(std::span<const TrainBatch> batches, std::span<StepResult> results) {
  send_steps(batches);
  for (const TrainBatch& batch : batches) {
    Recorded& step = recorded(NetPlan::Mode::kTraining, batch.images.size());
    step.replay.run(lane_.stream, options_.graphs, [&] {
      enqueue_gradients(step.plan);
      enqueue_update(step.plan);
    });
  }
  fetch_outcomes(batches.size());
  lane_.stream.synchronize();
  for (std::size_t s = 0; s < batches.size(); ++s) {
    const kernels::StepOutcome& outcome = fetched_outcomes_[s];
    results[s] = {.batch = {.loss = outcome.loss,
                            .correct = outcome.correct,
                            .images = static_cast<int>(batches[s].images.size())},
                  .gradient_norm = outcome.gradient_norm,
                  .update_norm = outcome.update_norm};
    optimizer_steps_ += outcome.attempted;
    updates_ += outcome.kept;
    ++steps_;
    if (!std::isfinite(outcome.loss)) return s + 1;
  }
  return batches.size();
}

}  // namespace fl::cuda
