#pragma once
// The curves of how sharp the valley is: the largest curvature, that of batches where the optimizer does not
// divide, and the most that it can bear, where that is known.

#include <vector>

#include "engine/charts/curves_keys.h"
#include "engine/pass/pass.h"

namespace fl {

// In their order, with what each is at the newest point.
[[nodiscard]] std::vector<CurveName> curvature_names(const CurvatureFacts& facts);

struct CurvatureLook {
  std::uint32_t series = 0, pattern = 0;  // shared::kSharpness and so on, shared::kSolid and so on
  glm::vec4 color{0};
};
// Of each name.
[[nodiscard]] CurvatureLook curvature_look(const CurvatureFacts& facts, std::size_t name, const Theme& theme);

}  // namespace fl
