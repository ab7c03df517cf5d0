#include "trainer/subjects/settings/presets.h"

#include <algorithm>

#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace {

constexpr bool kGood = true, kBad = false;

bool has_phantoms(const RunSpec& run) {
  return !run.data.reads_files();
}

// A backbone knows from others what it needs.
bool learns_phantoms(const RunSpec& run) {
  return has_phantoms(run) && run.backbone.empty();
}

bool from_scratch(const RunSpec& run) {
  return run.backbone.empty();
}

// A batch norm takes the size of the weights before it away again.
bool without_norm(const RunSpec& run) {
  if (!run.backbone.empty()) return run.unfreeze == 0;
  if (run.layers.empty()) return run.network != "ct-resnet";
  return std::ranges::find(run.layers, LayerKind::kBatchNorm, &LayerSpec::kind) == run.layers.end();
}

std::vector<Preset> make_presets() {
  const TmSettings own;
  return {
      {"own", "The lesson's own", "Everything as the lesson says it.", kGood, {}},
      {"teachable-machine",
       "As Teachable Machine",
       "What its site begins with: 50 epochs, 16 images a step, Adam at a rate of 0.001, and the same "
       "batches in every epoch.",
       kGood,
       {{"train.epochs", std::to_string(own.epochs)},
        {"train.batch_size", std::to_string(own.batch_size)},
        {"train.rate", fmt::format("{}", own.rate)},
        {"train.optimizer", "\"adam\""},
        {"train.shuffle", "\"once\""},
        {"train.mirror", "false"},
        {"network.init_scale", "1"}}},
      {"gentle-end",
       "A rate that fades",
       "The rate grows for an epoch and then falls to almost nothing: long steps early, short ones at the "
       "end.",
       kGood,
       {{"train.schedule", "\"cosine\""}, {"train.warmup_epochs", "1"}}},
      {"changed-images",
       "Images that change",
       "Each image is mirrored, turned and moved a little every time, so that it hardly sees the same pixels "
       "twice.",
       kGood,
       {{"train.augment", "{flip = true, rotate = 15, shift = 0.1}"}},
       from_scratch},
      {"equal-classes",
       "Each class counts the same",
       "Every epoch draws each class equally often, however few images it has.",
       kGood,
       {{"train.balance", "\"sample\""}}},
      {"too-large-a-rate",
       "Too large a rate",
       "Each step leaps over the valley. The loss explodes, or all units die and a guess is left. Choose a "
       "smaller rate, then Rewind.",
       kBad,
       {{"train.optimizer", "\"gradient-descent\""}, {"train.rate", "1000"}}},
      {"too-small-a-rate",
       "Too small a rate",
       "The way is right, but the steps are so short that the loss hardly falls.",
       kBad,
       {{"train.optimizer", "\"gradient-descent\""}, {"train.rate", "1e-07"}}},
      {"all-zeros",
       "All zeros",
       "Every weight begins at 0. Nothing tells the weights of a layer apart, so it never does better than a "
       "guess.",
       kBad,
       {{"network.init", "\"zeros\""}}},
      {"ten-times-the-start",
       "Ten times too large a start",
       "The weights begin ten times as large: it is very sure and mostly wrong, and the loss begins far "
       "above that of a guess.",
       kBad,
       {{"network.init_scale", "10"}},
       without_norm},
      {"by-heart",
       "Far too many epochs, few images",
       "It learns its 20 images by heart: all of these are right in the end, of the others many are not.",
       kBad,
       {{"train.epochs", "250"}, {"data.phantom_counts", "[20, 20]"}, {"data.test_fraction", "0.5"}},
       learns_phantoms},
      {"unbalanced",
       "Unbalanced",
       "There are 20 normal heads for each haemorrhage. Who calls all of them normal is right in 95 of 100, "
       "and finds nothing.",
       kBad,
       {{"data.phantom_counts", "[12, 240]"}},
       has_phantoms},
  };
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = make_presets();
  return all;
}

bool suits(const Preset& preset, const RunSpec& run) {
  return preset.suits == nullptr || preset.suits(run);
}

Result<std::vector<Setting>> preset_settings(const Preset& preset, const RunSpec& own, const RunSpec& run) {
  FL_TRY_LET(wanted, with_settings(own, preset.settings));
  return differences(run, *wanted);
}

}  // namespace fl
