// What a training does otherwise from a step on, and how it goes over to another course of itself.

#include <algorithm>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/subjects/training.h"

namespace fl {

Course Training::course() const {
  return {.program = program_->save_state(),
          .history = history_,
          .state = state_,
          .seed = seed_,
          .rate = rate_,
          .optimizer = spec_.optimizer,
          .turn = turn_,
          .epoch_loss = epoch_loss_,
          .epoch_seconds = epoch_seconds_,
          .training_seconds = training_seconds_,
          .epoch_correct = epoch_correct_,
          .epoch_images = epoch_images_,
          .test_probabilities = test_probabilities_,
          .test_loss = test_loss_,
          .tested_step = tested_step_,
          .test_figures = test_figures_};
}

void Training::exchange(Course& other) {
  FL_CHECK_MSG(slot_writer_ == nullptr, "slots on a device follow one course");
  ProgramState mine = program_->save_state();
  std::swap(history_, other.history);
  std::swap(state_, other.state);
  std::swap(seed_, other.seed);
  std::swap(rate_, other.rate);
  std::swap(spec_.optimizer, other.optimizer);
  std::swap(turn_, other.turn);
  std::swap(epoch_loss_, other.epoch_loss);
  std::swap(epoch_seconds_, other.epoch_seconds);
  std::swap(training_seconds_, other.training_seconds);
  std::swap(epoch_correct_, other.epoch_correct);
  std::swap(epoch_images_, other.epoch_images);
  std::swap(test_probabilities_, other.test_probabilities);
  std::swap(test_loss_, other.test_loss);
  std::swap(tested_step_, other.tested_step);
  std::swap(test_figures_, other.test_figures);
  program_->set_seed(seed_);
  program_->set_optimizer(spec_.optimizer);
  program_->restore_state(other.program);
  other.program = std::move(mine);
  if (steps() % steps_per_epoch_ != 0) order_epoch(static_cast<int>(steps() / steps_per_epoch_));
}

void Training::change_order(std::uint64_t seed) {
  turn_.order_from = steps();
  turn_.order_seed = seed;
  if (steps() % steps_per_epoch_ != 0) order_epoch(static_cast<int>(steps() / steps_per_epoch_));
}

void Training::let_rate_fall(std::int64_t least_steps) {
  const std::int64_t end = std::max<std::int64_t>(steps() + least_steps, steps() + 1);
  turn_.fall_from = steps();
  turn_.fall_end =
      std::min((end + steps_per_epoch_ - 1) / steps_per_epoch_ * steps_per_epoch_, total_steps());
}

double Training::rate_of_step(std::int64_t step) const {
  const double rate = scheduled_rate(spec_.schedule, rate_, {step, total_steps(), steps_per_epoch_});
  if (turn_.fall_from < 0) return rate;
  return rate * static_cast<double>(turn_.fall_end - step) /
         static_cast<double>(turn_.fall_end - turn_.fall_from);
}

void Training::order_epoch(int epoch) {
  order_ = trained_;
  const bool once = spec_.shuffle == "once";
  const std::uint64_t scene_seed = spec_.order_seed == kSameSeed ? seed_ : spec_.order_seed;
  const std::int64_t turned = turn_.order_from < 0 ? total_steps() : turn_.order_from;
  const std::int64_t first = std::int64_t{epoch} * steps_per_epoch_;
  const bool other = first >= turned;  // all of it
  RandomStream random(other ? turn_.order_seed : scene_seed, StreamId::kOrder,
                      once ? 0 : static_cast<std::uint32_t>(epoch));
  if (sampler_)
    sampler_->draw(random, order_);
  else if (!once || other)
    shuffle(std::span(order_), random);
  if (other || first + steps_per_epoch_ <= turned) return;
  // What is left of the epoch has the same images, in another order.
  RandomStream rest(turn_.order_seed, StreamId::kOrder, static_cast<std::uint32_t>(epoch));
  shuffle(std::span(order_).subspan(static_cast<std::size_t>((turned - first) * spec_.batch_size)), rest);
}

void Training::plan_burst(std::int64_t index, std::int64_t count) {
  burst_.clear();
  const auto batch = static_cast<std::size_t>(spec_.batch_size);
  for (std::int64_t s = 0; s < count; ++s) {
    const std::size_t begin = static_cast<std::size_t>(index + s) * batch;
    burst_.push_back({std::span(order_).subspan(begin, std::min(batch, order_.size() - begin)),
                      rate_of_step(steps() + s)});
  }
  burst_results_.resize(burst_.size());
}

}  // namespace fl
