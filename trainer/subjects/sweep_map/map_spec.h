#pragma once
// The scene's [map] table: which values of one or two keys are trained, a cell each.

#include <cstdint>
#include <optional>
#include <string>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"
#include "trainer/sweep/sweep_plan.h"

namespace fl {

struct MapSpec {
  std::string x, y;                // as parse_axis takes them; y empty: a single row
  std::string shown = "accuracy";  // that cells are coloured by; or "loss"
  int cell = -1;                   // that is opened in place of the map; -1: the map
  std::uint64_t start = kNoStart;  // of a training: what kStartAxis says of it
  static constexpr std::uint64_t kNoStart = ~std::uint64_t{0};
};

// So many trainings are filled in while somebody watches; a larger sweep is for `fallline sweep`.
inline constexpr std::size_t kMostMapCells = 20'000;

const KeyTable<MapSpec>& map_keys();

// Of the scene's table [map]; as it is where there is none. Errors: a key that it does not have, and a scene
// that is something else than a training.
Result<MapSpec> parse_map_spec(const toml::table& scene);
// The axes that it says; its `scene` is for whoever knows the whole of it. Nothing where it says none.
// `tables`: all keys there are. Errors: what parse_axis says, two axes of one key, too many cells.
Result<std::optional<SweepPlan>> plan_of_map(const MapSpec& map, const std::vector<TableText>& tables);

}  // namespace fl
