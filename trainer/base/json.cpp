#include "trainer/base/json.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "trainer/base/check.h"

namespace fl {
namespace {

using Library = nlohmann::ordered_json;

constexpr std::size_t kDeepest = 100;

// Builds a value from what the library's parser meets. Deep nesting is refused: values are walked by
// recursion.
class Builder final : public nlohmann::json_sax<Library> {
 public:
  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::Object{}); }
  bool start_array(std::size_t) override { return open(Json::Array{}); }
  bool end_object() override {
    std::vector<std::string_view> keys;
    for (const Json::Member& member : std::get<Json::Object>(open_.back())) keys.push_back(member.key);
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end() && close();
  }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    std::get<Json::Object>(open_.back()).push_back({std::move(key), {}});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  Json result;

 private:
  using Container = std::variant<Json::Array, Json::Object>;

  bool add(Json value) {
    if (open_.empty())
      result = std::move(value);
    else if (auto* array = std::get_if<Json::Array>(&open_.back()))
      array->push_back(std::move(value));
    else
      std::get<Json::Object>(open_.back()).back().value = std::move(value);
    return true;
  }
  bool open(Container container) {
    open_.push_back(std::move(container));
    return open_.size() <= kDeepest;
  }
  bool close() {
    Container container = std::move(open_.back());
    open_.pop_back();
    return add(std::visit([](auto& values) { return Json(std::move(values)); }, container));
  }

  std::vector<Container> open_;
};

}  // namespace

struct JsonWriter {
  static Library library(const Json& json) {
    return std::visit([](const auto& value) { return of(value); }, json.value_);
  }
  static Library of(std::monostate) { return nullptr; }
  static Library of(const Json::Array& values) {
    Library list = Library::array();
    for (const Json& value : values) list.push_back(library(value));
    return list;
  }
  static Library of(const Json::Object& members) {
    Library table = Library::object();
    for (const auto& [key, value] : members) table[key] = library(value);
    return table;
  }
  static Library of(const auto& value) { return value; }

  static std::string text(const Json& json, int indent) {
    return library(json).dump(indent, ' ', false, Library::error_handler_t::replace);
  }
};

Json::Json(double value) {
  if (std::isfinite(value)) value_ = value;
}

std::optional<Json> Json::parse(std::string_view text) {
  Builder builder;
  if (!Library::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return std::move(builder.result);
}

std::string Json::line() const {
  return JsonWriter::text(*this, -1);
}

std::string Json::pretty() const {
  return JsonWriter::text(*this, 2);
}

std::optional<double> Json::number() const {
  if (const auto* real = std::get_if<double>(&value_)) return *real;
  if (const auto* negative = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*negative);
  if (const auto* natural = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*natural);
  return std::nullopt;
}

std::optional<std::uint64_t> Json::whole() const {
  const auto* natural = std::get_if<std::uint64_t>(&value_);
  return natural != nullptr ? std::optional(*natural) : std::nullopt;
}

const Json* Json::find(std::string_view key) const {
  if (object() == nullptr) return nullptr;
  const auto found = std::ranges::find(*object(), key, &Member::key);
  return found != object()->end() ? &found->value : nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = find(key);
  FL_CHECK_MSG(found != nullptr, "there is no {}", key);
  return *found;
}

const Json& Json::operator[](std::size_t index) const {
  FL_CHECK(array() != nullptr && index < array()->size());
  return (*array())[index];
}

bool Json::operator==(const Json& other) const {
  return value_ == other.value_;
}

}  // namespace fl
