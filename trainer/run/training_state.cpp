#include "trainer/run/training_state.h"

namespace fl {
namespace {

Result<void> check_origin(const TrainingState::Origin& then, const TrainingState::Origin& now) {
  if (then.seed != now.seed)
    return error("it began with train.seed = {}, and {} draws another split; take its own seed.", then.seed,
                 now.seed);
  if (then.classes != now.classes)
    return error("it was trained on {} classes, and the data have {} now; bring back the data it began with.",
                 then.classes, now.classes);
  if (then.train_images != now.train_images || then.test_images != now.test_images)
    return error(
        "it was trained on {} images and tested on {}, and the data give {} and {} now; bring back the data "
        "it "
        "began with.",
        then.train_images, then.test_images, now.train_images, now.test_images);
  if (then.image != now.image)
    return error(
        "its images have {} x {} pixels and {} channel(s), and the scene now says {} x {} and {}; "
        "add --set data.image_size={} --set data.channels={} to go on.",
        then.image.width, then.image.height, then.image.channels, now.image.width, now.image.height,
        now.image.channels, then.image.height, then.image.channels);
  if (then.batch_size != now.batch_size)
    return error("it began with train.batch_size = {}, and cannot go on with {}; take its own.",
                 then.batch_size, now.batch_size);
  return {};
}

// What a file may say and no training can have left.
bool consistent(const TrainingState& state, std::int64_t steps_per_epoch) {
  const auto steps = static_cast<std::int64_t>(state.history.steps.size());
  const auto epochs = static_cast<std::int64_t>(state.history.epochs.size());
  const std::int64_t whole = steps / steps_per_epoch;
  // An epoch whose last step diverges has no record.
  const bool counted =
      epochs == whole || (state.diverged && steps % steps_per_epoch == 0 && epochs + 1 == whole);
  const bool sums = state.epoch_images >= 0 && state.epoch_correct >= 0 &&
                    state.epoch_correct <= state.epoch_images &&
                    static_cast<std::size_t>(state.epoch_images) <= state.origin.train_images;
  return counted && sums && state.program.updates >= 0 && state.program.updates <= steps &&
         state.program.optimizer_steps >= 0;
}

}  // namespace

Result<void> check_state(const TrainingState& state, const TrainingState::Origin& origin, int epochs) {
  if (auto same = check_origin(state.origin, origin); !same) return same;
  const auto images = static_cast<std::int64_t>(origin.train_images);
  const std::int64_t steps_per_epoch = (images + origin.batch_size - 1) / origin.batch_size;
  if (!consistent(state, steps_per_epoch)) return error("its history contradicts itself; use another copy.");
  const auto steps = static_cast<std::int64_t>(state.history.steps.size());
  if (steps > steps_per_epoch * epochs)
    return error("it has taken {} steps of {} an epoch, more than train.epochs = {}; ask for more epochs.",
                 steps, steps_per_epoch, epochs);
  return {};
}

}  // namespace fl
