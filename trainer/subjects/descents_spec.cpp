#include "trainer/subjects/descents_spec.h"

#include "trainer/scene/scene_table.h"

namespace fl {

Result<std::optional<DescentsSpec>> parse_descents_spec(const toml::table& scene) {
  const toml::node* node = scene.get("two_parameters");
  if (node == nullptr) return std::optional<DescentsSpec>{};
  for (const char* other : {"data", "network", "train", "landscape"})
    if (const toml::node* found = scene.get(other))
      return error("{}[{}] and [two_parameters] do not go together: a scene shows either a training or a surface of "
                   "two parameters; remove one of them.",
                   line_of(*found), other);
  DescentsSpec spec;
  SceneTable table(node->as_table(), "[two_parameters]");
  table.get("surface", spec.surface, two_parameter_names());
  table.get("optimizers", spec.optimizers, optimizer_names(), kFrameMaxPaths);
  table.get("start", spec.start, -100, 100, 2);
  table.get("rate", spec.rate, kMinRate, kMaxRate);
  table.get("steps", spec.steps, 1, 10000);
  table.get("grid", spec.grid, 9, 513);
  if (auto done = table.finish(); !done) return done.error();
  const int cells = spec.grid - 1;
  if ((cells & (cells - 1)) != 0)
    return error("[two_parameters] grid must be 9, 17, 33, 65, 129, 257 or 513, not {}: each level halves the "
                 "cells of the one before.",
                 spec.grid);
  return std::optional(spec);
}

}  // namespace fl
