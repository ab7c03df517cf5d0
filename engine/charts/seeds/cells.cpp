#include "engine/charts/seeds/cells.h"

#include <algorithm>

#include <glm/common.hpp>

namespace fl {
namespace {

bool has_bars(const SweepFacts& facts) {
  return facts.seeds.bars > 0;
}

}  // namespace

Rect cells_plot(const SweepFacts& facts, const Rect& area, float scale) {
  return has_bars(facts) ? seeds_plot(facts.seeds, area, scale) : sweep_plot(facts, area, scale);
}

std::optional<std::int32_t> place_under(const SweepFacts& facts, const Rect& plot, glm::vec2 pixel) {
  return has_bars(facts) ? seed_under(facts.seeds, plot, pixel) : sweep_place(facts, plot, pixel);
}

std::int32_t place_beside(const SweepFacts& facts, std::int32_t place, glm::ivec2 by) {
  if (has_bars(facts)) {
    const SeedFacts& seeds = facts.seeds;
    const auto bars = static_cast<int>(seeds.bars);
    const auto* found = std::find(seeds.cells.begin(), seeds.cells.begin() + bars, place);
    int bar = found != seeds.cells.begin() + bars ? static_cast<int>(found - seeds.cells.begin())
              : by.x < 0                          ? bars
                                                  : -1;
    const int step = by.x < 0 ? -1 : 1;
    for (bar += step; bar >= 0 && bar < bars; bar += step)
      if (seeds.cells[static_cast<std::size_t>(bar)] >= 0) return seeds.cells[static_cast<std::size_t>(bar)];
    return place;
  }
  const auto columns = static_cast<int>(facts.columns), rows = static_cast<int>(facts.rows);
  if (columns == 0) return place;
  if (place < 0) return 0;
  const int column = glm::clamp(place % columns + by.x, 0, columns - 1);
  return glm::clamp(place / columns + by.y, 0, rows - 1) * columns + column;
}

Rect cells_readout(const PassContext& context, const Rect& area, const Font& font, const StageTexts& texts,
                   const ColorMap& colors, const SweepChoice& choice) {
  return has_bars(context.frame.facts.sweep)
             ? lay_out_seeds(context, area, font).readout
             : lay_out_sweep(context, area, font, texts, colors, choice).readout;
}

}  // namespace fl
