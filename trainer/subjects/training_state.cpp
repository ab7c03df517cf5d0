#include "trainer/subjects/training_state.h"

#include "trainer/base/checksum.h"
#include "trainer/base/counted.h"

namespace fl {
namespace {

using Classes = std::vector<TrainingState::ClassImages>;

// A few names, and how many more there are.
std::string names_of(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 5;
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i)
    list += fmt::format("{}\"{}\"", i > 0 ? ", " : "", names[i]);
  return names.size() > kNamed ? fmt::format("{} and {} more", list, names.size() - kNamed) : list;
}

std::vector<std::string> class_names(const Classes& classes) {
  std::vector<std::string> names;
  for (const auto& one : classes) names.push_back(one.name);
  return names;
}

// Precondition: the same class names.
Result<void> check_images(const Classes& then, const Classes& now) {
  std::vector<std::string> changed;
  for (std::size_t c = 0; c < then.size(); ++c)
    if (then[c] != now[c]) changed.push_back(then[c].name);
  if (changed.empty()) return {};
  return error(
      "the images of {} {} have changed since it was trained; restore the data and the [data] settings it began "
      "with, or start a new training.",
      changed.size() == 1 ? "the class" : "the classes", names_of(changed));
}

Result<void> check_origin(const TrainingState::Origin& then, const TrainingState::Origin& now) {
  if (then.seed != now.seed)
    return error("it began with train.seed = {}, and seed {} splits the images differently; add --set train.seed={}.",
                 then.seed, now.seed, then.seed);
  if (class_names(then.classes) != class_names(now.classes))
    return error("it was trained on the classes {}, and the data now have {}; restore the data it began with.",
                 names_of(class_names(then.classes)), names_of(class_names(now.classes)));
  for (std::size_t c = 0; c < then.classes.size(); ++c)
    if (then.classes[c].images != now.classes[c].images)
      return error("the class \"{}\" had {}, and now has {}; restore the data it began with.",
                   then.classes[c].name, counted(then.classes[c].images, "image"), now.classes[c].images);
  if (then.train_images != now.train_images || then.test_images != now.test_images)
    return error(
        "it was trained on {} and tested on {}, and the data now give {} and {}; restore the data it began with.",
        counted(then.train_images, "image"), then.test_images, now.train_images, now.test_images);
  if (then.image != now.image)
    return error(
        "its images have {} x {} pixels and {}, and the scene now says {} x {} pixels and {}; "
        "add --set data.image_size={} --set data.channels={} to go on.",
        then.image.width, then.image.height, counted(then.image.channels, "channel"), now.image.width,
        now.image.height, counted(now.image.channels, "channel"), then.image.height, then.image.channels);
  if (then.batch_size != now.batch_size)
    return error("it began with train.batch_size = {} and cannot go on with {}; add --set train.batch_size={}.",
                 then.batch_size, now.batch_size, then.batch_size);
  return check_images(then.classes, now.classes);
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

std::vector<TrainingState::ClassImages> class_images(const Dataset& data) {
  Classes classes;
  for (const std::string& name : data.classes) classes.push_back({.name = name});
  for (std::size_t i = 0; i < data.size(); ++i) {
    auto& of = classes[static_cast<std::size_t>(data.labels[i])];
    ++of.images;
    of.checksum = checksum(std::as_bytes(data.image(i)), of.checksum);
  }
  return classes;
}

Result<void> check_state(const TrainingState& state, const TrainingState::Origin& origin, int epochs) {
  if (auto same = check_origin(state.origin, origin); !same) return same;
  const auto images = static_cast<std::int64_t>(origin.train_images);
  const std::int64_t steps_per_epoch = (images + origin.batch_size - 1) / origin.batch_size;
  if (!consistent(state, steps_per_epoch)) return error("its history contradicts itself; use another copy.");
  const auto steps = static_cast<std::int64_t>(state.history.steps.size());
  if (steps > steps_per_epoch * epochs)
    return error("it has already trained for longer than train.epochs = {}; make it {} or more.", epochs,
                 (steps + steps_per_epoch - 1) / steps_per_epoch);
  return {};
}

}  // namespace fl
