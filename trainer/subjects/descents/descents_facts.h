#pragma once
// What of descents on a surface of two parameters commands change, for whoever watches.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/compute/kernels/optimizer_kind.h"

namespace fl {

struct DescentsFacts {
  std::string surface;  // by name; empty: it is the formula's
  std::string formula;
  std::array<double, 2> start{};
  std::vector<OptimizerKind> methods;        // in the order of FrameHeader::paths
  std::string phases = "none";               // whose are shown: one of phase_choices()
  std::uint32_t phase = 0, phase_count = 0;  // from 1; 0: none is shown

  bool operator==(const DescentsFacts&) const = default;
};

}  // namespace fl
