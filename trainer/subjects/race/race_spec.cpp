#include "trainer/subjects/race/race_spec.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "trainer/base/counted.h"
#include "trainer/base/limits.h"
#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"
#include "trainer/scene/setting.h"
#include "trainer/seam/frame_header.h"
#include "trainer/subjects/settings/run_settings.h"

namespace fl {
namespace {

// What all runs of a race share beside their images: what the images are made into, and the processor.
constexpr std::array<std::string_view, 4> kShared = {"train.seed", "train.threads", "network.backbone",
                                                     "network.unfreeze"};

KeyType<std::vector<std::string>> values_of_runs() {
  return {[](const KeyPlace& place) -> Result<std::vector<std::string>> {
            const std::string expected =
                fmt::format("a list of 2 to {} values, as in [0.001, 0.03, 1.0]", kFrameMaxPaths);
            const toml::array* list = place.node.as_array();
            if (list == nullptr) return place.must_be(expected);
            if (list->size() < 2 || list->size() > kFrameMaxPaths)
              return place.must_be(fmt::format("{}; this one has {}", expected,
                                               list->empty() ? "none" : std::to_string(list->size())));
            std::vector<std::string> values;
            for (const toml::node& element : *list) values.push_back(toml_value(element));
            return values;
          },
          [](toml::table& table, const std::string& key, const std::vector<std::string>& values) {
            toml::array list;
            for (const std::string& value : values) {
              const toml::table read = toml::parse("value = " + value);
              list.push_back(*read.get("value"));
            }
            table.insert_or_assign(key, std::move(list));
          },
          "list of values", fmt::format("2 to {}, each as the key takes it", kFrameMaxPaths)};
}

constexpr std::size_t kLongestName = 40;  // bytes

KeyType<std::vector<std::string>> names_of_runs() {
  return {
      [](const KeyPlace& place) -> Result<std::vector<std::string>> {
        const std::string expected = fmt::format(
            "a list of texts, one for each run and none longer than {} bytes, as in [\"small\", \"large\"]",
            kLongestName);
        const toml::array* list = place.node.as_array();
        if (list == nullptr) return place.must_be(expected);
        std::vector<std::string> names;
        for (const toml::node& element : *list) {
          const auto name = element.value_exact<std::string>();
          if (!name || name->empty() || name->size() > kLongestName) return place.must_be(expected);
          names.push_back(printable(*name));
        }
        return names;
      },
      [](toml::table& table, const std::string& key, const std::vector<std::string>& names) {
        toml::array list;
        for (const std::string& name : names) list.push_back(name);
        if (!names.empty()) table.insert_or_assign(key, std::move(list));
      },
      "list of texts", fmt::format("one a run, of at most {} bytes", kLongestName)};
}

// "train.rate", but not a key of a table within a table.
std::vector<std::string> keys_that_vary() {
  std::vector<std::string> keys = {kStartAxis};
  for (const std::string& path : run_key_paths()) {
    const bool of_run = path.starts_with("train.") || path.starts_with("network.");
    if (of_run && std::ranges::count(path, '.') == 1 && std::ranges::find(kShared, path) == kShared.end())
      keys.push_back(path);
  }
  return keys;
}

Result<void> check_key(const std::string& key, const toml::node& node) {
  const std::vector<std::string> may = keys_that_vary();
  if (std::ranges::find(may, key) != may.end()) return {};
  std::vector<std::string> all = run_key_paths();
  if (std::ranges::find(all, key) == all.end())
    return error("{}[race] key: there is no key \"{}\" that a run could have; {}", line_of(node),
                 printable(key), suggestion(key, may));
  return error(
      "{}[race] key: \"{}\" cannot vary, because the runs of a race share their images and one landscape; "
      "name another key of [network] or [train], such as \"train.rate\", or \"{}\" for other starting "
      "weights and another order of the same images.",
      line_of(node), key, kStartAxis);
}

// Error: the value is not what the key takes.
Result<void> check_value(const toml::table& scene, const RaceSpec& race, std::size_t run,
                         const RunSpec& defaults, const toml::node& values) {
  const auto says = [&](const std::string& what) {
    return error("{}[race] values: {} will not do: {}", line_of(values), printable(race.values[run]), what);
  };
  if (race.key == kStartAxis) {
    if (const auto seed = start_of(race, run); seed && *seed <= static_cast<std::uint64_t>(kMaxSeed))
      return {};
    return says(fmt::format("\"{}\" is a seed, a whole number from 0 to {}.", kStartAxis, kMaxSeed));
  }
  FL_TRY_LET(own, scene_of_run(scene, race, run));
  if (auto parsed = parse_run_spec(*own, defaults); !parsed) return says(parsed.error().message);
  return {};
}

}  // namespace

const KeyTable<RaceSpec>& race_keys() {
  using S = RaceSpec;
  static const KeyTable<S> keys(
      "[race]",
      "Several trainings side by side that differ in one key: on one landscape, each with a path and curves "
      "of its own. [data], [network], [train] and [landscape] say what they have in common.",
      {{"key", text_in_quotes(), &S::key,
        "What varies: a key of [network] or [train], as \"train.rate\", \"network.init\" or "
        "\"train.augment\"; or \"start\", the seed of starting weights and order of the images alone.",
        "none"},
       {"values", values_of_runs(), &S::values, "Its value in each run, in their order.", "none"},
       {"names", names_of_runs(), &S::names, "What the runs are called.", "their values"},
       {"together", one_of({"epochs", "steps"}), &S::together,
        "What all runs have made equally many of at any time, and what the curves count. It matters where "
        "batches differ in size."},
       {"plane", one_of({"rehearsed", "random", "ends"}), &S::plane,
        "The plane of the landscape. \"rehearsed\": all runs are trained once to their ends while the lesson "
        "opens, and the plane goes through the two principal components of all their paths; then they begin "
        "anew. \"random\": two random directions through the first run's start, without a rehearsal. \"ends\": "
        "rehearsed, too; two random directions, filter-normalised, through the first run's end. Where another run "
        "has another network, as without skip connections, its own landscape about its own end lies over that "
        "as glass. How rough the loss is about each end is measured and said beside the runs."}});
  return keys;
}

Result<std::optional<RaceSpec>> parse_race_spec(const toml::table& scene, const RunSpec& defaults) {
  const toml::node* node = scene.get("race");
  if (node == nullptr) return std::optional<RaceSpec>{};
  if (const toml::node* other = scene.get("two_parameters"))
    return error(
        "{}[race] and [two_parameters] do not go together: a surface of two parameters has its own "
        "`optimizers`; remove one of them.",
        line_of(*other));
  if (const toml::node* other = scene.get("trainability"))
    return error(
        "{}[race] and [trainability] do not go together: a map of learning rates trains a network for each "
        "pixel by itself; remove one of them.",
        line_of(*other));
  RaceSpec race;
  const toml::table& table = *node->as_table();
  FL_TRY(race_keys().read(&table, race));
  for (const char* key : {"key", "values"})
    if (!table.contains(key))
      return error("{}[race] needs {}, as in key = \"train.rate\" and values = [0.001, 0.03, 1.0].",
                   line_of(table), key);
  FL_TRY(check_key(race.key, *table.get("key")));
  if (!race.names.empty() && race.names.size() != race.values.size())
    return error("{}[race] names: {} for {}; give each run a name, or leave names out.",
                 line_of(*table.get("names")), counted(race.names.size(), "name"),
                 counted(race.values.size(), "run"));
  for (std::size_t run = 0; run < race.values.size(); ++run)
    FL_TRY(check_value(scene, race, run, defaults, *table.get("values")));
  return std::optional(std::move(race));
}

Result<toml::table> scene_of_run(const toml::table& scene, const RaceSpec& race, std::size_t run) {
  toml::table own = scene;
  own.erase("race");
  if (race.key != kStartAxis) FL_TRY(apply_setting(own, race.key + "=" + race.values[run]));
  return own;
}

std::optional<std::uint64_t> start_of(const RaceSpec& race, std::size_t run) {
  const std::string& text = race.values[run];
  std::uint64_t seed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (race.key != kStartAxis || code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

std::string varied_word(const RaceSpec& race) {
  std::string word = race.key.substr(race.key.rfind('.') + 1);
  std::ranges::replace(word, '_', ' ');
  return word;
}

std::string runs_word(const RaceSpec& race) {
  return race.names.empty() ? varied_word(race) : "run";
}

std::string run_value(const RaceSpec& race, std::size_t run) {
  const std::string& value = race.values[run];
  const bool quoted = value.size() >= 2 && value.front() == '"';
  return printable(quoted ? value.substr(1, value.size() - 2) : value);
}

std::string run_name(const RaceSpec& race, std::size_t run) {
  return race.names.empty() ? run_value(race, run) : race.names[run];
}

}  // namespace fl
