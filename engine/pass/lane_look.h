#pragma once
// What the runs of a race, or a run and its forks, are told apart by, on the landscape, in curves and in
// legends alike: each has a colour and a pattern, so that neighbours differ in both. A run keeps its number,
// FramePath::color, while others come and go.

#include <cstdint>

#include "shaders/shared/dash.h"

#include "engine/pass/pass.h"

namespace fl {

[[nodiscard]] inline std::uint32_t lane_pattern(std::uint32_t number) {
  return number % shared::kPatterns;
}
[[nodiscard]] inline glm::vec4 lane_color(const Theme& theme, std::uint32_t number) {
  return theme.paths[number % kFrameMaxPaths];
}
// Of the frame's path of that index.
[[nodiscard]] inline std::uint32_t lane_number(const Frame& frame, std::uint32_t path) {
  return frame.header.paths[path].color % kFrameMaxPaths;
}
// Somebody hid it.
[[nodiscard]] inline bool lane_hidden(const PassContext& context, std::uint32_t path) {
  return context.frame.facts.race.lanes > 0 &&
         (context.hidden_runs >> lane_number(context.frame, path) & 1u) != 0;
}

}  // namespace fl
