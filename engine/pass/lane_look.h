#pragma once
// What the runs of a race are told apart by, on the landscape, in curves and in legends alike: each has a
// colour and a pattern, so that neighbours differ in both.

#include <cstdint>

#include "shaders/shared/dash.h"

#include "engine/pass/pass.h"

namespace fl {

[[nodiscard]] inline std::uint32_t lane_pattern(std::uint32_t lane) {
  return lane % shared::kPatterns;
}
[[nodiscard]] inline glm::vec4 lane_color(const Theme& theme, std::uint32_t lane) {
  return theme.paths[lane % kFrameMaxPaths];
}
// Somebody hid it.
[[nodiscard]] inline bool lane_hidden(const PassContext& context, std::uint32_t lane) {
  return context.frame.facts.race.lanes > 0 && (context.hidden_runs >> lane & 1u) != 0;
}

}  // namespace fl
