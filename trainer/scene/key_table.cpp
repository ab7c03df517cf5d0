#include "trainer/scene/key_table.h"

#include <algorithm>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"

namespace fl {

std::string toml_value(const toml::node& node) {
  if (const toml::array* list = node.as_array()) {
    std::vector<std::string> values;
    for (const toml::node& element : *list) values.push_back(toml_value(element));
    return fmt::format("[{}]", fmt::join(values, ", "));
  }
  if (const toml::table* table = node.as_table()) {
    std::vector<std::string> values;
    for (const auto& [key, value] : *table)
      values.push_back(fmt::format("{} = {}", key.str(), toml_value(value)));
    return fmt::format("{{{}}}", fmt::join(values, ", "));
  }
  if (const auto text = node.value_exact<std::string>()) return fmt::format("\"{}\"", *text);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  return fmt::format("{}", node.value<double>().value_or(0));
}

Result<void> check_keys(const toml::table& table, const std::string& title,
                        const std::vector<std::string>& known) {
  for (const auto& [key, node] : table)
    if (std::ranges::find(known, key.str()) == known.end())
      return error("{}{} has no key \"{}\"; {}", line_of(node), title, printable(key.str()),
                   suggestion(key.str(), known));
  return {};
}

Result<void> check_tables(const toml::table& scene, const std::vector<TableText>& tables) {
  std::vector<std::string> names, keys, lists;
  for (const TableText& table : tables) {
    const std::string& title = table.title;
    if (title.empty())
      for (const KeyText& key : table.keys) names.push_back(key.name), keys.push_back(key.name);
    else if (title.starts_with("[["))  // "[[timeline]]": of each table in a list
      lists.push_back(title.substr(2, title.size() - 4)), names.push_back(lists.back());
    else if (title.ends_with(']'))  // not one within another
      names.push_back(title.substr(1, title.size() - 2));
  }
  for (const auto& [key, node] : scene) {
    if (std::ranges::find(names, key.str()) == names.end())
      return error("{}scenes have no table or key \"{}\"; {}", line_of(node), printable(key.str()),
                   suggestion(key.str(), names));
    if (std::ranges::find(lists, key.str()) != lists.end()) {
      if (!node.is_array_of_tables())
        return error("{0}{1} must be a list of tables: write [[{1}]] above the keys of each.", line_of(node),
                     key.str());
    } else if (std::ranges::find(keys, key.str()) == keys.end() && !node.is_table()) {
      return error("{}{} must be a table: write [{}] above its keys.", line_of(node), key.str(), key.str());
    }
  }
  return {};
}

}  // namespace fl
