#pragma once
// A JSON value (RFC 8259). Reading and writing are nlohmann's, whose headers take seconds to compile: only
// json.cpp includes them.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fl {

class Json {
 public:
  struct Member;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;  // in the order written; no key twice

  Json() = default;  // null
  Json(std::same_as<bool> auto value) : value_(value) {}
  Json(double value);  // null where it is not finite
  Json(std::string value);
  Json(const char* value);
  Json(Array values);
  Json(Object members);
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value);
  // A list of anything that makes a value.
  template <std::ranges::input_range R>
  static Json list(const R& values);

  // Nothing where the text is not JSON, is nested more than a hundred deep, or has a key twice in one object.
  static std::optional<Json> parse(std::string_view text);
  // In one line, or with line breaks and two spaces a level. What is not UTF-8 (names come from files) is
  // replaced.
  [[nodiscard]] std::string line() const;
  [[nodiscard]] std::string pretty() const;

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  // Null, or nothing, where it is of another kind.
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value_); }
  [[nodiscard]] std::optional<double> number() const;
  [[nodiscard]] std::optional<std::uint64_t> whole()
      const;  // not negative, written without point or exponent
  // Null if this is not an object or has no such key.
  [[nodiscard]] const Json* find(std::string_view key) const;

  // Preconditions: an object with the key; an array that is long enough.
  const Json& operator[](std::string_view key) const;
  const Json& operator[](std::size_t index) const;

  bool operator==(const Json& other) const;

 private:
  friend struct JsonWriter;
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value_;
};

struct Json::Member {
  std::string key;
  Json value;
  bool operator==(const Member& other) const = default;
};

// Not above: what holds an Object must not be made or destroyed before Member is complete.
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
template <std::integral T>
requires(!std::same_as<T, bool>) Json::Json(T value) {
  if (std::cmp_less(value, 0))
    value_ = static_cast<std::int64_t>(value);
  else
    value_ = static_cast<std::uint64_t>(value);
}
template <std::ranges::input_range R>
Json Json::list(const R& values) {
  Array array;
  for (const auto& value : values) array.emplace_back(value);
  return array;
}
inline Json::Json(Array values) : value_(std::move(values)) {}
inline Json::Json(Object members) : value_(std::move(members)) {}

}  // namespace fl
