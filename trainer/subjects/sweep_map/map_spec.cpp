#include "trainer/subjects/sweep_map/map_spec.h"

#include "trainer/base/printable.h"

namespace fl {

const KeyTable<MapSpec>& map_keys() {
  using S = MapSpec;
  static const KeyTable<S> keys(
      "[map]",
      "A map in place of one training: the lesson trained with each value of one key, or of two, a coloured "
      "cell for each, filled from coarse to fine; a click opens a cell as a training. [data], [network] and "
      "[train] say what all cells have in common, and each is trained on one thread.",
      {{"x", text_in_quotes(), &S::x,
        "The key that varies to the right, and its values, as --axis of \"fallline sweep\" takes them: "
        "\"train.rate=1e-4..10:log:16\", \"train.optimizer=adam,momentum\", or \"start=1..9\", the seed of "
        "starting weights and order of the images alone.",
        "none"},
       {"y", text_in_quotes(), &S::y, "The same upward.", "none: a single row"},
       {"shown", one_of({"accuracy", "loss"}), &S::shown,
        "What the cells are coloured by at first: accuracy on the test set, or the last loss on the training set."},
       {"cell", whole_number(-1, static_cast<int>(kMostCells) - 1), &S::cell,
        "The number of a cell, from 0: it is opened as a training, in place of the map. The window sets it."},
       {"start", seed_number(), &S::start,
        "Without axes: the seed of starting weights and order of the images, where it is another than "
        "train.seed. A cell that is saved has it.",
        "none"}});
  return keys;
}

Result<MapSpec> parse_map_spec(const toml::table& scene) {
  MapSpec map;
  const toml::node* node = scene.get("map");
  if (node == nullptr) return map;
  for (const char* other : {"race", "two_parameters", "trainability"})
    if (const toml::node* found = scene.get(other))
      return error(
          "{}[{}] and [map] do not go together: a cell of a map is one training; remove one of them.",
          line_of(*found), other);
  FL_TRY(map_keys().read(node->as_table(), map));
  return map;
}

Result<std::optional<SweepPlan>> plan_of_map(const MapSpec& map, const std::vector<TableText>& tables) {
  if (map.x.empty() && map.y.empty()) return std::optional<SweepPlan>();
  if (map.x.empty()) return error("[map] y without x: a map of one axis has x alone; name it x.");
  SweepPlan plan;
  FL_TRY_LET(x, parse_axis(map.x, tables, "[map] x"));
  plan.axes.push_back(*std::move(x));
  if (!map.y.empty()) {
    FL_TRY_LET(y, parse_axis(map.y, tables, "[map] y"));
    if (y->key == plan.axes[0].key)
      return error("[map] x and y both vary {}; let one of them vary another key.", printable(y->key));
    plan.axes.push_back(*std::move(y));
  }
  if (plan.cells() > kMostMapCells)
    return error(
        "[map] has {} cells, and a map has at most {}; take fewer values, or train them with \"fallline sweep\" "
        "and open its folder.",
        plan.cells(), kMostMapCells);
  return std::optional(std::move(plan));
}

}  // namespace fl
