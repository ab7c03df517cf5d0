#pragma once
// Which keys of a scene the panel shows under "At the next start", in which order, and what it calls them.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ui/panels/train/fields.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

inline constexpr std::string_view kEpochsKey = "train.epochs", kAugment = "train.augment";
inline constexpr int kLectureEpochs[] = {15, 75, 250};  // those of the workshop's experiments
inline constexpr const char* kNetworkGroup = "Network";

struct LearningField {
  std::string_view key;  // run_key()
  FieldText text;
  bool (*shown)(const RunSpec& run) = nullptr;  // null: always
};
struct LearningGroup {
  const char* title;
  std::vector<LearningField> fields;
};

[[nodiscard]] std::span<const LearningGroup> learning_groups();

// "ct-small"; "conv1, relu1, dense"; "100 units on the phantom backbone".
[[nodiscard]] std::string network_text(const RunSpec& run);
// "Adam".
[[nodiscard]] std::string optimizer_label(const std::string& name);
// The table of augmentation with one of its keys ("train.augment.flip") changed, as in TOML.
[[nodiscard]] std::string with_part(const RunSpec& run, std::string_view key, const std::string& value);

}  // namespace fl
