#pragma once
// The keys of a scene (TOML), one row each: name, type and range, the member of a spec that it sets, and what
// it does. The same row reads the key, says what is wrong with its value, writes it, and documents it; the
// default is that of a default-constructed spec. A key nobody asked for is an error that names its line and
// the nearest key, because a misspelt key that is silently ignored costs a lecture.

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_type.h"

namespace fl {

// A row for people, and for the widgets that show it to them.
struct KeyText {
  std::string name, kind, range, preset, text;
  std::optional<KeyBounds> bounds{};  // as KeyType has them
  std::vector<std::string> names{};
};
struct TableText {
  std::string title;  // "[train]", "[train] augment"; empty: what stands above all tables
  std::string text;
  std::vector<KeyText> keys;
};

// A value as a scene says it, in one line.
std::string toml_value(const toml::node& node);

template <typename Spec>
class Key {
 public:
  // `type`: a KeyType<T>, or what makes one of a spec whose earlier keys are read. `member`: a pointer to the
  // member T of Spec, or within() it. `unset`: what holds without the key, where Spec's default is nothing
  // that a scene could say; such a value is not written.
  template <typename Type, typename Member>
  Key(std::string name, Type type, Member member, std::string text, std::string unset = "")
      : Key(
            std::move(name), std::move(type), member,
            [member](Spec& spec, auto value, const KeyPlace&) -> Result<void> {
              std::invoke(member, spec) = std::move(value);
              return {};
            },
            std::move(text), std::move(unset)) {}

  // `set`: (Spec&, T, const KeyPlace&) -> Result<void>.
  template <typename Type, typename Get, typename Set>
  requires(std::is_invocable_v<Get, const Spec&> && !std::is_convertible_v<Set, std::string>)
      Key(std::string name, Type type, Get get, Set set, std::string text, std::string unset = "")
      : name_(std::move(name)), text_(std::move(text)), unset_(std::move(unset)) {
    const auto type_for = [type](const Spec& spec) {
      if constexpr (std::is_invocable_v<Type, const Spec&>)
        return type(spec);
      else
        return type;
    };
    read_ = [=](const KeyPlace& place, Spec& spec) -> Result<void> {
      auto value = type_for(spec).read(place);
      return value ? set(spec, *std::move(value), place) : Result<void>(value.error());
    };
    write_ = [=](toml::table& table, const std::string& key, const Spec& spec) {
      type_for(spec).write(table, key, std::invoke(get, spec));
    };
    same_ = [=](const Spec& spec, const Spec& preset) {
      return std::invoke(get, spec) == std::invoke(get, preset);
    };
    describe_ = [=](KeyText& row, const Spec& preset) {
      const auto described = type_for(preset);
      row.kind = described.kind;
      row.range = described.range;
      row.bounds = described.bounds;
      row.names = described.names;
    };
  }

  // What happens without the key, once the keys before it are read.
  Key&& otherwise(std::function<void(Spec&)> absent) && {
    absent_ = std::move(absent);
    return std::move(*this);
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  Result<void> read(const toml::table* table, const std::string& title, Spec& spec) const {
    const toml::node* node = table != nullptr ? table->get(name_) : nullptr;
    if (node != nullptr)
      return read_({*node, title.empty() ? name_ : fmt::format("{} {}", title, name_)}, spec);
    if (absent_) absent_(spec);
    return {};
  }
  // `preset`: what holds without any key.
  void write(toml::table& table, const Spec& spec, const Spec& preset) const {
    const bool unsayable = !unset_.empty() && !absent_ && same_(spec, preset);
    if (!unsayable) write_(table, name_, spec);
  }
  [[nodiscard]] KeyText describe(const Spec& preset) const {
    KeyText row{.name = name_, .kind = {}, .range = {}, .preset = unset_, .text = text_};
    describe_(row, preset);
    if (!unset_.empty()) return row;
    toml::table presets;
    write(presets, preset, preset);
    row.preset = fmt::format("`{}`", toml_value(*presets.get(name_)));
    return row;
  }

 private:
  std::string name_, text_, unset_;
  std::function<Result<void>(const KeyPlace&, Spec&)> read_;
  std::function<void(toml::table&, const std::string&, const Spec&)> write_;
  std::function<bool(const Spec&, const Spec&)> same_;
  std::function<void(KeyText&, const Spec&)> describe_;
  std::function<void(Spec&)> absent_;
};

// A member of a member.
template <typename Outer, typename Inner>
auto within(Outer outer, Inner inner) {
  return [=](auto& spec) -> auto& {
    return std::invoke(inner, std::invoke(outer, spec));
  };
}

// Error: `table` has a key that is none of `known`.
Result<void> check_keys(const toml::table& table, const std::string& title,
                        const std::vector<std::string>& known);
// Errors unless every top-level key of `scene` is one of `tables` and a table itself, or a key above all
// tables.
Result<void> check_tables(const toml::table& scene, const std::vector<TableText>& tables);

template <typename Spec>
class KeyTable {
 public:
  // `preset`: what holds without any key.
  KeyTable(std::string title, std::string text, std::vector<Key<Spec>> keys, Spec preset = {})
      : title_(std::move(title)),
        text_(std::move(text)),
        keys_(std::move(keys)),
        preset_(std::move(preset)) {}
  [[nodiscard]] const Spec& preset() const { return preset_; }

  // Sets what `table` says, the rest stays; a null table says nothing. `where` in place of the title begins
  // what errors say, with line, key, and what would be right.
  Result<void> read(const toml::table* table, Spec& spec) const { return read(table, spec, title_); }
  Result<void> read(const toml::table* table, Spec& spec, const std::string& where) const {
    if (auto done = read_known(table, spec, where); !done || table == nullptr) return done;
    std::vector<std::string> known;
    for (const Key<Spec>& key : keys_) known.push_back(key.name());
    return check_keys(*table, where, known);
  }
  // The same where other keys stand in the table, too.
  Result<void> read_known(const toml::table* table, Spec& spec, const std::string& where) const {
    for (const Key<Spec>& key : keys_)
      if (auto done = key.read(table, where, spec); !done) return done;
    return {};
  }
  // A table that says all of `spec`, or only the keys named.
  [[nodiscard]] toml::table write(const Spec& spec, const std::vector<std::string>& only = {}) const {
    toml::table table;
    for (const Key<Spec>& key : keys_)
      if (only.empty() || std::ranges::find(only, key.name()) != only.end()) key.write(table, spec, preset_);
    return table;
  }
  [[nodiscard]] TableText describe() const {
    TableText table{title_, text_, {}};
    for (const Key<Spec>& key : keys_) table.keys.push_back(key.describe(preset_));
    return table;
  }

 private:
  std::string title_, text_;
  std::vector<Key<Spec>> keys_;
  Spec preset_;
};

// A table in braces within a table.
template <typename Spec>
KeyType<Spec> inner_table(const KeyTable<Spec>& keys) {
  return {[&keys](const KeyPlace& place) -> Result<Spec> {
            if (!place.node.is_table()) return place.must_be("a table in braces");
            Spec spec;
            FL_TRY(keys.read(place.node.as_table(), spec, place.key));
            return spec;
          },
          [&keys](toml::table& table, const std::string& key, const Spec& spec) {
            table.insert_or_assign(key, keys.write(spec));
          },
          "table", ""};
}

}  // namespace fl
