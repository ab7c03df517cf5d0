#pragma once
// Where a histogram of seeds goes, and its words; knows no device.

#include <optional>
#include <vector>

#include "engine/charts/sweep/sweep_layout.h"

namespace fl {

struct SeedsLayout {
  Rect plot;       // of the bars; empty where there is no room, or nothing to show
  float most = 1;  // runs at its upper edge
  std::vector<Panel> panels;
  std::vector<ScreenLabel> labels;
  Rect readout;
};

// The bars alone: for the pointer.
[[nodiscard]] Rect seeds_plot(const SeedFacts& facts, const Rect& area, float scale);
// A run of the bar under a pixel, the first of them; nothing beside the bars, and over one without runs.
[[nodiscard]] std::optional<std::int32_t> seed_under(const SeedFacts& facts, const Rect& plot,
                                                     glm::vec2 pixel);
[[nodiscard]] SeedsLayout lay_out_seeds(const PassContext& context, const Rect& area, const Font& font);

}  // namespace fl
