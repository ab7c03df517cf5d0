#include "engine/ui/panels/train/learning.h"

#include <algorithm>
#include <filesystem>

#include <fmt/ranges.h>

#include "trainer/backbone/transfer.h"
#include "trainer/base/check.h"
#include "trainer/base/printable.h"
#include "trainer/optim/optimizer.h"
#include "trainer/scene/setting.h"

namespace fl {
namespace {

bool scratch(const RunSpec& run) {
  return run.backbone.empty();
}

bool transfer(const RunSpec& run) {
  return !run.backbone.empty();
}

bool named_network(const RunSpec& run) {
  return scratch(run) && run.layers.empty();
}

bool residual(const RunSpec& run) {
  return named_network(run) && run.network == "ct-resnet";
}

bool phantoms(const RunSpec& run) {
  return !run.data.reads_files();
}

bool unfrozen(const RunSpec& run) {
  return transfer(run) && run.unfreeze > 0;
}

template <ScheduleKind Kind>
bool schedule(const RunSpec& run) {
  return run.schedule.kind == Kind;
}

template <double OptimizerSpec::*Number>
bool used(const RunSpec& run) {
  return optimizer_reads(run.optimizer.kind, Number);
}

std::string balance_label(const std::string& name) {
  return name == "sample" ? "drawn equally often" : name == "weight" ? "weighted by size" : "as they are";
}

std::string order_label(const std::string& name) {
  return name == "once" ? "always the same" : "new each epoch";
}

std::string schedule_label(const std::string& name) {
  return name == "step" ? "in stairs" : name == "cosine" ? "falls (cosine)" : name;
}

}  // namespace

std::span<const LearningGroup> learning_groups() {
  using O = OptimizerSpec;
  static const std::vector<LearningGroup> groups = {
      {"How long",
       {{kEpochsKey, {"epochs", "train-epochs"}}, {"train.batch_size", {"images a step", "train-batch"}}}},
      {"Start",
       {{"network.init", {"weights", "train-init"}}, {"network.init_scale", {"scaled by", "train-scale"}}}},
      {"Rate over time",
       {{"train.schedule", {"schedule", "train-schedule", schedule_label}},
        {"train.warmup_epochs", {"warm-up, epochs", "train-warmup"}},
        {"train.step_epochs", {"epochs a stair", "train-step-epochs"}, schedule<ScheduleKind::kStep>},
        {"train.step_factor", {"factor a stair", "train-step-factor"}, schedule<ScheduleKind::kStep>}}},
      {"Images",
       {{"data.phantom_counts", {"phantoms", "train-phantoms"}, phantoms},
        {"data.test_fraction", {"kept for the test", "train-test-fraction"}, phantoms},
        {"train.balance", {"classes", "train-balance", balance_label}},
        {"train.shuffle", {"order", "train-order", order_label}},
        {"train.mirror", {"mirrored, too", "train-mirror"}, transfer},
        {"train.augment.flip", {"mirrored", "train-flip"}, scratch},
        {"train.augment.rotate", {"turned, degrees", "train-rotate"}, scratch},
        {"train.augment.shift", {"moved, share", "train-shift"}, scratch}}},
      {kNetworkGroup,
       {{"network.name", {"name", "train-name"}, named_network},
        {"network.skip", {"skips layers", "train-skip"}, residual},
        {"network.blocks", {"blocks a stage", "train-blocks"}, residual},
        {"network.dropout", {"dropout", "train-dropout"}, named_network},
        {"network.unfreeze", {"stages unfrozen", "train-unfreeze"}, transfer},
        {"train.backbone_rate", {"their rate, times", "train-backbone-rate"}, unfrozen}}},
      {"Numbers of the optimizer",
       {{"train.beta1", {"beta1 (momentum)", "train-beta1"}, used<&O::beta1>},
        {"train.beta2", {"beta2", "train-beta2"}, used<&O::beta2>},
        {"train.epsilon", {"epsilon", "train-epsilon"}, used<&O::epsilon>},
        {"train.nu1", {"nu1", "train-nu1"}, used<&O::nu1>},
        {"train.nu2", {"nu2", "train-nu2"}, used<&O::nu2>},
        {"train.weight_decay", {"weight decay", "train-decay"}, used<&O::weight_decay>}}}};
  return groups;
}

std::string network_text(const RunSpec& run) {
  if (transfer(run)) {
    const std::string on = run.backbone == kPhantomBackbone
                               ? "the phantom backbone"
                               : printable(std::filesystem::path(run.backbone).filename().string());
    return run.head.empty() ? fmt::format("One dense layer on {}.", on)
                            : fmt::format("Dense layers of {} units and the classes, on {}.",
                                          fmt::join(run.head, ", "), on);
  }
  std::vector<std::string> names;
  for (const LayerSpec& layer : run.layers) names.push_back(layer.name);
  return names.empty() ? "" : fmt::format("Its layers: {}.", fmt::join(names, ", "));
}

std::string optimizer_label(const std::string& name) {
  const auto kind = optimizer_by_name(name);
  return kind ? optimizer_info(*kind).label : name;
}

std::string with_part(const RunSpec& run, std::string_view key, const std::string& value) {
  // Its scene may leave the table out.
  toml::table scene = scene_of(run);
  toml::table part{{"augment", toml::table()}};
  if (const toml::table* had = scene["train"]["augment"].as_table()) part.insert_or_assign("augment", *had);
  FL_CHECK(apply_setting(part, std::string(key.substr(key.find('.') + 1)) + "=" + value).ok());
  return toml_value(*part.get("augment"));
}

}  // namespace fl
