#pragma once
// Reading one table of a scene file (TOML): typed, range-checked, and strict. A key nobody asked for is an
// error that names its line and the nearest known key, because a misspelt key that is silently ignored
// costs a lecture.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"

namespace fl {

class SceneTable {
 public:
  // `table` may be null: an absent table, every key of which keeps its default. `title`: "[train]".
  SceneTable(const toml::table* table, std::string title);

  // Each get() leaves `value` alone where the key is absent. The first failure is kept for finish().
  void get(const char* key, double& value, double low, double high);
  void get(const char* key, int& value, int low, int high);
  void get(const char* key, std::uint64_t& value);
  void get(const char* key, bool& value);
  void get(const char* key, std::string& value);
  // One of `choices`.
  void get(const char* key, std::string& value, const std::vector<std::string>& choices);
  // A list of 1 to `most` of `choices`.
  void get(const char* key, std::vector<std::string>& value, const std::vector<std::string>& choices,
           std::size_t most);
  void get(const char* key, std::vector<int>& value, int low, int high, std::size_t count);
  void get(const char* key, std::vector<double>& value, double low, double high, std::size_t count);

  // A list of tables; empty where the key is absent.
  std::vector<const toml::table*> tables(const char* key);
  // A table within this one; null where the key is absent.
  const toml::table* table(const char* key);

  // The first error of any get(), else the first unknown key.
  [[nodiscard]] Result<void> finish() const;

 private:
  const toml::node* find(const char* key);
  void fail(const toml::node& node, const char* key, const std::string& expectation);

  const toml::table* table_;
  std::string title_;
  std::vector<std::string> known_;
  std::optional<Error> failure_;
};

// "line 7: " where a node knows its place (values set on the command line do not).
std::string line_of(const toml::node& node);

// Errors unless every top-level key of `scene` is one of `tables` and a table itself ("title": a text).
Result<void> check_tables(const toml::table& scene, const std::vector<std::string>& tables);

}  // namespace fl
