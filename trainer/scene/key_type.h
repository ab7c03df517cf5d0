#pragma once
// What a key of a scene takes: a number in a range, one of a few names, a list. A type reads a value, says
// what it must be where it is something else, writes it again, and words its range for the documentation.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"

namespace fl {

// A value and what a sentence about it begins with.
struct KeyPlace {
  const toml::node& node;
  std::string key;  // "[train] rate"

  // "line 7: [train] rate" and `sentence`; without the line where the value has none, as those of --set.
  [[nodiscard]] Error says(std::string_view sentence) const;
  // "line 7: [train] rate must be EXPECTATION."
  [[nodiscard]] Error must_be(std::string_view expectation) const;
};

// "line 7: " where a node knows its place.
std::string line_of(const toml::node& node);

struct KeyBounds {
  double low = 0, high = 0;  // both are allowed
};

template <typename T>
struct KeyType {
  std::function<Result<T>(const KeyPlace&)> read;
  // Puts the value under the key; leaves out what is the same as no key at all.
  std::function<void(toml::table&, const std::string&, const T&)> write;
  std::string kind;   // for people: "whole number"
  std::string range;  // "1 to 100000"; empty: any
  // The same for widgets: of one number; all that it may be, of one name.
  std::optional<KeyBounds> bounds{};
  std::vector<std::string> names{};
};

KeyType<double> number(double low, double high);
KeyType<int> whole_number(int low, int high);
// 0 to kMaxSeed.
KeyType<std::uint64_t> seed_number();
// 9, 17, 33 and so on up to `most`: one more than a power of two. Precondition: `most` is one of them.
KeyType<int> grid_side(int most);
KeyType<bool> true_or_false();
KeyType<std::string> text_in_quotes();
KeyType<std::string> one_of(std::vector<std::string> names);
// 1 to `most` of `names`.
KeyType<std::vector<std::string>> some_of(std::vector<std::string> names, std::size_t most);
KeyType<std::vector<double>> numbers(std::size_t count, double low, double high);
KeyType<std::vector<int>> whole_numbers(std::size_t count, int low, int high);

// One of `names`, each of which stands for an Enum. `by_name` is asked for these names only.
template <typename Enum>
KeyType<Enum> named(const std::vector<std::string>& names, Result<Enum> (*by_name)(const std::string&),
                    const char* (*name_of)(Enum)) {
  const KeyType<std::string> text = one_of(names);
  return {[=](const KeyPlace& place) -> Result<Enum> {
            const auto name = text.read(place);
            return name ? by_name(*name) : Result<Enum>(name.error());
          },
          [=](toml::table& table, const std::string& key, const Enum& value) {
            text.write(table, key, name_of(value));
          },
          text.kind,
          text.range,
          {},
          names};
}

// The tables in a list that has nothing else. Error: it is no such list, or empty.
Result<std::vector<const toml::table*>> list_of_tables(const KeyPlace& place);

}  // namespace fl
