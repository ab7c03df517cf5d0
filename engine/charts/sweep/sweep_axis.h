#pragma once
// The marks beside an axis of cells.

#include <functional>
#include <string>
#include <vector>

#include "engine/pass/stage_texts.h"

namespace fl {

struct AxisMark {
  double share = 0;  // of the axis, from its low end
  std::string text;
};

// Powers of ten where a logarithmic axis has three of them or more, else the values in the middles of their
// cells; as many as fit `length` pixels without touching. `room`: pixels that a mark's words need along it.
[[nodiscard]] std::vector<AxisMark> axis_marks(const AxisWords& axis, float length,
                                               const std::function<float(const std::string&)>& room);

}  // namespace fl
