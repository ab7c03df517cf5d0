#include "trainer/scene/key_type.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "trainer/base/check.h"
#include "trainer/base/limits.h"
#include "trainer/base/name_list.h"

namespace fl {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(fmt::format("\"{}\"", name));
  return name_list(quoted, "or");
}

template <typename T>
void put(toml::table& table, const std::string& key, const T& value) {
  table.insert_or_assign(key, value);
}

template <typename T>
void put_list(toml::table& table, const std::string& key, const std::vector<T>& values) {
  toml::array list;
  for (const T& value : values) list.push_back(value);
  table.insert_or_assign(key, std::move(list));
}

std::optional<std::int64_t> whole(const toml::node& node, std::int64_t low, std::int64_t high) {
  const auto number = node.value<std::int64_t>();
  return number && node.is_integer() && *number >= low && *number <= high ? number : std::nullopt;
}

template <typename T>
KeyType<std::vector<T>> list_type(std::size_t count, T low, T high, const char* kind) {
  const std::string expectation = fmt::format("a list of {} {} from {} to {}", count, kind, low, high);
  return {[=](const KeyPlace& place) -> Result<std::vector<T>> {
            const toml::array* array = place.node.as_array();
            if (array == nullptr || array->size() != count) return place.must_be(expectation);
            std::vector<T> values;
            for (const toml::node& element : *array) {
              const auto number = element.value<T>();
              if (!number || !element.is_number() || !(*number >= low && *number <= high))
                return place.must_be(expectation);
              values.push_back(*number);
            }
            return values;
          },
          put_list<T>, fmt::format("list of {} {}", count, kind), fmt::format("{} to {}", low, high)};
}

}  // namespace

std::string line_of(const toml::node& node) {
  const auto line = node.source().begin.line;
  return line > 0 ? fmt::format("line {}: ", line) : "";
}

Error KeyPlace::says(std::string_view sentence) const {
  return error("{}{} {}", line_of(node), key, sentence);
}

Error KeyPlace::must_be(std::string_view expectation) const {
  return says(fmt::format("must be {}.", expectation));
}

KeyType<double> number(double low, double high) {
  return {[=](const KeyPlace& place) -> Result<double> {
            const auto value = place.node.value<double>();
            if (value && place.node.is_number() && std::isfinite(*value) && *value >= low && *value <= high)
              return *value;
            return place.must_be(fmt::format("a number from {} to {}", low, high));
          },
          put<double>, "number", fmt::format("{} to {}", low, high), KeyBounds{low, high}};
}

KeyType<int> whole_number(int low, int high) {
  return {[=](const KeyPlace& place) -> Result<int> {
            if (const auto value = whole(place.node, low, high)) return static_cast<int>(*value);
            return place.must_be(fmt::format("a whole number from {} to {}", low, high));
          },
          put<int>, "whole number", fmt::format("{} to {}", low, high),
          KeyBounds{static_cast<double>(low), static_cast<double>(high)}};
}

KeyType<std::uint64_t> seed_number() {
  return {[](const KeyPlace& place) -> Result<std::uint64_t> {
            if (const auto value = whole(place.node, 0, kMaxSeed)) return static_cast<std::uint64_t>(*value);
            return place.must_be(fmt::format("a whole number from 0 to {}", kMaxSeed));
          },
          [](toml::table& table, const std::string& key, std::uint64_t value) {
            table.insert_or_assign(key, static_cast<std::int64_t>(value));
          },
          "whole number", fmt::format("0 to {}", kMaxSeed), KeyBounds{0, static_cast<double>(kMaxSeed)}};
}

KeyType<int> grid_side(int most) {
  std::vector<std::string> sides;
  for (int side = 9; side <= most; side = 2 * side - 1) sides.push_back(std::to_string(side));
  FL_CHECK(sides.back() == std::to_string(most));
  KeyType<int> type = whole_number(9, most);
  type.range = name_list(sides, "or");
  type.read = [within = type.read, range = type.range](const KeyPlace& place) -> Result<int> {
    const auto side = within(place);
    if (side && ((*side - 1) & (*side - 2)) != 0)
      return place.says(
          fmt::format("must be {}, not {}: each level halves the cells of the one before.", range, *side));
    return side;
  };
  return type;
}

KeyType<bool> true_or_false() {
  return {[](const KeyPlace& place) -> Result<bool> {
            return place.node.is_boolean() ? Result<bool>(*place.node.value<bool>())
                                           : place.must_be("true or false");
          },
          put<bool>, "true or false", ""};
}

KeyType<std::string> text_in_quotes() {
  return {[](const KeyPlace& place) -> Result<std::string> {
            if (!place.node.is_string()) return place.must_be("text in quotes");
            return *place.node.value<std::string>();
          },
          put<std::string>, "text", ""};
}

KeyType<std::string> one_of(std::vector<std::string> names) {
  return {[names](const KeyPlace& place) -> Result<std::string> {
            const auto text = place.node.value_exact<std::string>();
            if (!text || std::ranges::find(names, *text) == names.end())
              return place.must_be(name_list(names, "or"));
            return *text;
          },
          put<std::string>,
          "text",
          quoted_list(names),
          {},
          names};
}

KeyType<std::vector<std::string>> some_of(std::vector<std::string> names, std::size_t most) {
  return {[=](const KeyPlace& place) -> Result<std::vector<std::string>> {
            const toml::array* array = place.node.as_array();
            std::vector<std::string> found;
            if (array != nullptr)
              for (const toml::node& element : *array)
                if (const auto name = element.value_exact<std::string>();
                    name && std::ranges::find(names, *name) != names.end())
                  found.push_back(*name);
            if (array == nullptr || found.empty() || found.size() != array->size() || found.size() > most)
              return place.must_be(fmt::format("a list of 1 to {} of these: {}", most, name_list(names)));
            return found;
          },
          put_list<std::string>, fmt::format("list of 1 to {} texts", most), quoted_list(names)};
}

KeyType<std::vector<double>> numbers(std::size_t count, double low, double high) {
  return list_type<double>(count, low, high, "numbers");
}

KeyType<std::vector<int>> whole_numbers(std::size_t count, int low, int high) {
  return list_type<int>(count, low, high, "whole numbers");
}

Result<std::vector<const toml::table*>> list_of_tables(const KeyPlace& place) {
  std::vector<const toml::table*> found;
  if (const toml::array* array = place.node.as_array())
    for (const toml::node& element : *array)
      if (element.is_table()) found.push_back(element.as_table());
  if (found.empty() || found.size() != place.node.as_array()->size())
    return place.must_be("a list of tables in braces");
  return found;
}

}  // namespace fl
