#pragma once
// Where the parts of a sweep's map go, and its words; knows no device.

#include <optional>
#include <vector>

#include "engine/charts/sweep/sweep_choice.h"
#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

struct SweepLayout {
  Rect plot;                  // empty where there is no room for one, or no map
  std::vector<Panel> panels;  // ticks and legend
  std::vector<Panel> frames;  // over the cells: the best, and the one that is told of
  std::vector<ScreenLabel> labels;
  Rect readout;  // for what is told of a cell
};

// The cells alone, in `area`: for the pointer. `scale`: of the words.
[[nodiscard]] Rect sweep_plot(const SweepFacts& facts, const Rect& area, float scale);
// row * columns + column of the cell under a pixel; nothing beside the map.
[[nodiscard]] std::optional<std::int32_t> sweep_place(const SweepFacts& facts, const Rect& plot,
                                                      glm::vec2 pixel);
// Of a cell.
[[nodiscard]] Rect sweep_cell(const SweepFacts& facts, const Rect& plot, std::int32_t place);
// In `area`: the cells with their axes, beside or below them what the colours mean.
[[nodiscard]] SweepLayout lay_out_sweep(const PassContext& context, const Rect& area, const Font& font,
                                        const StageTexts& texts, const ColorMap& colors,
                                        const SweepChoice& choice);
// What is told of the chosen cell (StageTexts::readout), a line each; appended.
void append_sweep_readout(const PassContext& context, const Rect& readout, const Font& font,
                          const StageTexts& texts, std::vector<ScreenLabel>& out);
// "42 of 256 trainings", "3 diverged": how far the map is, in clauses.
[[nodiscard]] std::vector<std::string> sweep_clauses(const SweepFacts& facts);

}  // namespace fl
