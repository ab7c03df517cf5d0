#pragma once
// The keys of a training one by one, by their path in a scene ("train.epochs"), for whoever shows and changes
// them by name: what a key may be, what it is in a run, and the run that some settings would make of it.

#include <string>
#include <string_view>
#include <vector>

#include "trainer/subjects/run_spec.h"

namespace fl {

// "train.epochs", and its value as in TOML: "30".
struct Setting {
  std::string key, value;
  [[nodiscard]] std::string text() const { return key + "=" + value; }
  bool operator==(const Setting&) const = default;
};

// The paths of all keys.
[[nodiscard]] std::vector<std::string> run_key_paths();
// The row of the table of keys. "train.augment.flip" is the key of a table within one. Throws CheckFailure
// where there is no such key: paths stand in the program alone.
const KeyText& run_key(std::string_view path);
// Its value in a run, as in TOML: "30"; empty: the run's scene would not say it.
[[nodiscard]] std::string run_value(const RunSpec& run, std::string_view path);
// The same from the run's scene (scene_of), for who asks for many.
[[nodiscard]] std::string run_value(const toml::table& scene, std::string_view path);

// All that a run's scene says of images, network and training, in the order of its tables. Not the seed,
// which begins a run anew by itself, and not the threads.
[[nodiscard]] std::vector<Setting> settings_of(const RunSpec& run);

// `run`, with these settings in its scene. Errors: what that scene has wrong, as parse_run_spec says it.
Result<RunSpec> with_settings(const RunSpec& run, const std::vector<Setting>& settings);

// What makes `to` of `from`, of what settings_of says.
[[nodiscard]] std::vector<Setting> differences(const RunSpec& from, const RunSpec& to);

}  // namespace fl
