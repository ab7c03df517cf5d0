#include "trainer/scene/scene_table.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/name_list.h"
#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"

namespace fl {

std::string line_of(const toml::node& node) {
  const auto line = node.source().begin.line;
  return line > 0 ? fmt::format("line {}: ", line) : "";
}

SceneTable::SceneTable(const toml::table* table, std::string title)
    : table_(table), title_(std::move(title)) {}

const toml::node* SceneTable::find(const char* key) {
  known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void SceneTable::fail(const toml::node& node, const char* key, const std::string& expectation) {
  if (!failure_) failure_ = error("{}{} {} must be {}.", line_of(node), title_, key, expectation);
}

void SceneTable::get(const char* key, double& value, double low, double high) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto number = node->value<double>();
  if (!number || !node->is_number() || !std::isfinite(*number) || *number < low || *number > high)
    return fail(*node, key, fmt::format("a number from {} to {}", low, high));
  value = *number;
}

void SceneTable::get(const char* key, int& value, int low, int high) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto number = node->value<std::int64_t>();
  if (!number || !node->is_integer() || *number < low || *number > high)
    return fail(*node, key, fmt::format("a whole number from {} to {}", low, high));
  value = static_cast<int>(*number);
}

void SceneTable::get(const char* key, std::uint64_t& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto number = node->value<std::int64_t>();
  // What a double holds exactly: seeds travel as numbers of commands and JSON, too.
  constexpr std::int64_t kLargest = (std::int64_t{1} << 53) - 1;
  if (!number || !node->is_integer() || *number < 0 || *number > kLargest)
    return fail(*node, key, fmt::format("a whole number from 0 to {}", kLargest));
  value = static_cast<std::uint64_t>(*number);
}

void SceneTable::get(const char* key, bool& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (!node->is_boolean()) return fail(*node, key, "true or false");
  value = *node->value<bool>();
}

void SceneTable::get(const char* key, std::string& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (!node->is_string()) return fail(*node, key, "text in quotes");
  value = *node->value<std::string>();
}

void SceneTable::get(const char* key, std::string& value, const std::vector<std::string>& choices) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto text = node->value<std::string>();
  if (!node->is_string() || std::ranges::find(choices, *text) == choices.end())
    return fail(*node, key, name_list(choices, "or"));
  value = *text;
}

namespace {

// All elements of an array within bounds, or nothing.
template <typename T>
std::optional<std::vector<T>> numbers(const toml::node& node, T low, T high, std::size_t count) {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->size() != count) return std::nullopt;
  std::vector<T> values;
  for (const toml::node& element : *array) {
    const auto number = element.value<T>();
    if (!number || !element.is_number() || !(*number >= low && *number <= high)) return std::nullopt;
    values.push_back(*number);
  }
  return values;
}

}  // namespace

void SceneTable::get(const char* key, std::vector<int>& value, int low, int high, std::size_t count) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (auto found = numbers<int>(*node, low, high, count))
    value = std::move(*found);
  else
    fail(*node, key, fmt::format("a list of {} whole numbers from {} to {}", count, low, high));
}

void SceneTable::get(const char* key, std::vector<double>& value, double low, double high,
                     std::size_t count) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (auto found = numbers<double>(*node, low, high, count))
    value = std::move(*found);
  else
    fail(*node, key, fmt::format("a list of {} numbers from {} to {}", count, low, high));
}

std::vector<const toml::table*> SceneTable::tables(const char* key) {
  const toml::node* node = find(key);
  if (node == nullptr) return {};
  std::vector<const toml::table*> found;
  if (const toml::array* array = node->as_array())
    for (const toml::node& element : *array)
      if (element.is_table()) found.push_back(element.as_table());
  if (!node->is_array() || found.size() != node->as_array()->size() || found.empty()) {
    fail(*node, key, "a list of tables in braces");
    return {};
  }
  return found;
}

const toml::table* SceneTable::table(const char* key) {
  const toml::node* node = find(key);
  if (node != nullptr && !node->is_table()) fail(*node, key, "a table in braces");
  return node != nullptr ? node->as_table() : nullptr;
}

void SceneTable::get(const char* key, std::vector<std::string>& value, const std::vector<std::string>& choices,
                     std::size_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  std::vector<std::string> names;
  if (array != nullptr)
    for (const toml::node& element : *array)
      if (const auto name = element.value_exact<std::string>();
          name && std::ranges::find(choices, *name) != choices.end())
        names.push_back(*name);
  if (array == nullptr || names.empty() || names.size() != array->size() || names.size() > most)
    return fail(*node, key, fmt::format("a list of 1 to {} of these: {}", most, name_list(choices)));
  value = std::move(names);
}

Result<void> SceneTable::finish() const {
  if (failure_) return *failure_;
  if (table_ == nullptr) return {};
  for (const auto& [key, node] : *table_)
    if (std::ranges::find(known_, key.str()) == known_.end())
      return error("{}{} has no key \"{}\"; {}", line_of(node), title_, printable(key.str()),
                   suggestion(key.str(), known_));
  return {};
}

Result<void> check_tables(const toml::table& scene, const std::vector<std::string>& tables) {
  for (const auto& [key, node] : scene) {
    if (std::ranges::find(tables, key.str()) == tables.end())
      return error("{}scenes have no table or key \"{}\"; {}", line_of(node), printable(key.str()),
                   suggestion(key.str(), tables));
    const bool is_title = key.str() == "title";
    if (is_title && !node.is_string()) return error("{}title must be text in quotes.", line_of(node));
    if (!is_title && !node.is_table())
      return error("{}{} must be a table: write [{}] above its keys.", line_of(node), key.str(), key.str());
  }
  return {};
}

}  // namespace fl
