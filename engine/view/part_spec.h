#pragma once
// A film of several lessons: the scene's [[part]], one lesson each, one after the other.

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct PartSpec {
  std::string scene{};             // of the lesson, beside the film's scene
  std::vector<std::string> set{};  // "train.epochs=30": keys of that scene in place of its own
  double seconds = 0;              // as [film] has them
  toml::table table{};             // the part itself, with a [[timeline]] of its own
  std::string where{};             // "line 7: [[part]] 3", for sentences
};

inline constexpr std::size_t kMostParts = 50;

// One row a key.
const KeyTable<PartSpec>& part_keys();

// Whether the scene is a film of parts.
[[nodiscard]] bool has_parts(const toml::table& scene);
// In their order. Errors name line, part and key, and what would be right; also of a key of a lesson that
// stands beside the parts. Precondition: has_parts().
Result<std::vector<PartSpec>> parse_parts(const toml::table& scene);

}  // namespace fl
