#pragma once
// Whether the curvature is measured beside a training, for whoever shows it.

#include <cstdint>
#include <string>

namespace fl {

struct MeasuringFacts {
  std::int64_t every = 0;  // steps; 0: it is not measured
  std::int64_t usual = 1;  // what it begins with
  std::string refusal{};   // why it cannot be measured, in a sentence; empty: it can
};

}  // namespace fl
