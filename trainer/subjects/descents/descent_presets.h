#pragma once
// Descents that tell the methods apart: a surface, a start and rates at which they part ways, and what to
// watch. What a preset claims is tested (tests/unit/subjects/descent_presets_test.cpp).

#include <span>
#include <vector>

#include "trainer/subjects/command.h"

namespace fl {

struct DescentPreset {
  const char* name;
  const char* label;
  const char* text;     // what is seen, in a sentence or two
  const char* surface;  // with its own start
  double rate = 0;      // one for all; 0: the surface's own for each

  // What brings it about; it begins anew.
  [[nodiscard]] std::vector<Command> commands() const;
};

[[nodiscard]] std::span<const DescentPreset> descent_presets();

}  // namespace fl
