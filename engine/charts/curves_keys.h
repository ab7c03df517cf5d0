#pragma once
// The keys of curves that have a name each: classes and curvatures above their chart, earlier runs below
// theirs. A key is a sample of the line and its words; knows no device.

#include <string>
#include <vector>

#include <glm/vec2.hpp>

#include "engine/pass/pass.h"
#include "engine/text/font.h"

namespace fl {

// Of a key's sample of line, pixels at scale 1.
inline constexpr float kSampleWidth = 30;

struct CurveKeys {
  struct Key {
    std::uint32_t index = 0;  // of the curve
    glm::vec2 sample{0};      // where its sample begins: on the baseline of the words
    float words = 0;          // where they begin, in x
    std::string text;
  };
  std::vector<Key> keys;
  std::string rest;         // about those that found no room; empty: all did
  glm::vec2 rest_place{0};  // on the baseline
  int rows = 0;
  std::string before;  // said first
  glm::vec2 before_place{0};
};

// A name that may be cut short, and what follows it, which is not.
struct CurveName {
  std::string name, value{};
};

// Of each curve in their order, in rows from the top of `area`, `row` pixels each, as many as they need and
// `area` has. `before`: said first, where the keys leave room; may be empty.
[[nodiscard]] CurveKeys lay_out_keys(const std::vector<CurveName>& names, const std::string& before,
                                     const Rect& area, float row, float size, float scale, const Font& font);

}  // namespace fl
