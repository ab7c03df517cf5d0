#pragma once
// Settings worth a try in front of a class: good ones, and such as go wrong in a way that teaches. One row
// each; what a sentence claims is shown to hold on phantoms by test_presets.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/subjects/settings/run_settings.h"

namespace fl {

struct Preset {
  std::string_view name;   // for actions and tests: "too-large-a-rate"
  std::string_view title;  // "Too large a rate"
  std::string_view sentence;
  bool good = false;  // else it is to be seen to fail
  std::vector<Setting> settings;
  bool (*suits)(const RunSpec& run) = nullptr;  // null: any training
};

[[nodiscard]] std::span<const Preset> presets();
// Whether it means something for this training.
[[nodiscard]] bool suits(const Preset& preset, const RunSpec& run);
// What is to be set in `run` for it; all else becomes what the lesson itself has, `own`. Errors: as
// with_settings.
[[nodiscard]] Result<std::vector<Setting>> preset_settings(const Preset& preset, const RunSpec& own,
                                                           const RunSpec& run);

}  // namespace fl
