#pragma once
// Where the trainings of a sweep's map are in a picture: cells, or bars of a histogram of seeds.

#include "engine/charts/seeds/seeds_layout.h"

namespace fl {

// In `area`, with words of that scale.
[[nodiscard]] Rect cells_plot(const SweepFacts& facts, const Rect& area, float scale);
// The place (SweepChoice::place) under a pixel; nothing where there is none.
[[nodiscard]] std::optional<std::int32_t> place_under(const SweepFacts& facts, const Rect& plot,
                                                      glm::vec2 pixel);
// So many to the right and upward of a place; a histogram has bars to the right alone. The nearest that there
// is.
[[nodiscard]] std::int32_t place_beside(const SweepFacts& facts, std::int32_t place, glm::ivec2 by);
// For what is told of a place.
[[nodiscard]] Rect cells_readout(const PassContext& context, const Rect& area, const Font& font,
                                 const StageTexts& texts, const ColorMap& colors, const SweepChoice& choice);

}  // namespace fl
