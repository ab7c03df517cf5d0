#include "trainer/subjects/settings/run_settings.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "trainer/base/check.h"
#include "trainer/scene/setting.h"

namespace fl {
namespace {

constexpr std::array kTables = {"data", "network", "train"};
constexpr std::string_view kTable = "table";  // the kind of a table in braces

using Keys = std::map<std::string, KeyText, std::less<>>;

// "[train] augment" becomes "train.augment".
std::string path_of(const std::string& title) {
  std::string path;
  for (const char character : title) {
    if (character == '[' || character == ']') continue;
    path += character == ' ' ? '.' : character;
  }
  return path;
}

Keys all_keys() {
  Keys keys;
  for (const TableText& table : run_tables())
    for (const KeyText& key : table.keys)
      keys.emplace(table.title.empty() ? key.name : path_of(table.title) + "." + key.name, key);
  return keys;
}

const Keys& keys_by_path() {
  static const Keys keys = all_keys();
  return keys;
}

}  // namespace

std::vector<std::string> run_key_paths() {
  std::vector<std::string> paths;
  for (const auto& [path, text] : keys_by_path()) paths.push_back(path);
  return paths;
}

const KeyText& run_key(std::string_view path) {
  const auto found = keys_by_path().find(path);
  FL_CHECK_MSG(found != keys_by_path().end(), "there is no key \"{}\"", path);
  return found->second;
}

std::string run_value(const toml::table& scene, std::string_view path) {
  const toml::node_view<const toml::node> node = scene.at_path(path);
  if (node) return toml_value(*node.node());
  return run_key(path).kind == kTable ? "{}" : "";
}

std::string run_value(const RunSpec& run, std::string_view path) {
  return run_value(scene_of(run), path);
}

Result<RunSpec> with_settings(const RunSpec& run, const std::vector<Setting>& settings) {
  toml::table scene = scene_of(run);
  // What is the optimizer's own default becomes that of another one.
  const OptimizerSpec& defaults = optimizer_info(run.optimizer.kind).defaults;
  for (const auto& [name, value] : kOptimizerNumbers)
    if (run.optimizer.*value == defaults.*value) scene["train"].as_table()->erase(name);
  for (const Setting& one : settings) FL_TRY(apply_setting(scene, one.text()));
  const RunSpec nothing_said;
  return parse_run_spec(scene, nothing_said);
}

std::vector<Setting> settings_of(const RunSpec& run) {
  const toml::table scene = scene_of(run);
  std::vector<Setting> settings;
  for (const char* table : kTables)
    for (const auto& [key, node] : *scene[table].as_table()) {
      const std::string path = fmt::format("{}.{}", table, key.str());
      if (path != "train.seed" && path != "train.threads") settings.push_back({path, toml_value(node)});
    }
  return settings;
}

std::vector<Setting> differences(const RunSpec& from, const RunSpec& to) {
  const toml::table before = scene_of(from), after = scene_of(to);
  std::vector<Setting> settings;
  for (const char* table : kTables)
    for (const auto* side : {&after, &before})
      for (const auto& [key, node] : *(*side)[table].as_table()) {
        const std::string path = fmt::format("{}.{}", table, key.str());
        if (path == "train.seed" || path == "train.threads") continue;
        // Of what only the run before says, a table alone has a value for that.
        Setting one{path, run_value(after, path)};
        if (!one.value.empty() && one.value != run_value(before, path) &&
            std::ranges::find(settings, one) == settings.end())
          settings.push_back(std::move(one));
      }
  return settings;
}

}  // namespace fl
