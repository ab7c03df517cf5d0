#pragma once
// The scene's [race] table: what varies from run to run, and how the runs are shown together.

#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

struct RaceSpec {
  std::string key;                  // "train.rate"; kStartAxis
  std::vector<std::string> values;  // as in TOML, 2 to kFrameMaxPaths
  std::vector<std::string> names{};  // of the runs, where their values are not; as many
  std::string together = "epochs";  // what all have made equally many of at any time; or "steps"
  std::string plane = "rehearsed";  // of the landscape; or "random", "ends"
};

const KeyTable<RaceSpec>& race_keys();

// Nothing where the scene has no such table. `defaults`: as parse_run_spec takes them, for the runs. Errors
// name line, key, and what would be right: a key that is none or cannot vary, a value that it does not take,
// too few or too many of them.
Result<std::optional<RaceSpec>> parse_race_spec(const toml::table& scene, const RunSpec& defaults);

// The scene of one run alone: without the race, and with its value. Of kStartAxis it is the scene's own, and
// the value is the seed to reset the training to (start_of).
[[nodiscard]] Result<toml::table> scene_of_run(const toml::table& scene, const RaceSpec& race,
                                               std::size_t run);
[[nodiscard]] std::optional<std::uint64_t> start_of(const RaceSpec& race, std::size_t run);

// The key without its table: "rate".
[[nodiscard]] std::string varied_word(const RaceSpec& race);
// What the names of runs are of: varied_word(), or "run" where they have names of their own.
[[nodiscard]] std::string runs_word(const RaceSpec& race);
// Its value; a text without quotation marks.
[[nodiscard]] std::string run_value(const RaceSpec& race, std::size_t run);
// What a run is called beside it: its name, or its value.
[[nodiscard]] std::string run_name(const RaceSpec& race, std::size_t run);

}  // namespace fl
