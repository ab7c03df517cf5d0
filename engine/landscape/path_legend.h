#pragma once
// Which path is whose: a row a descent, with its colour, its name and the loss where it stands now; of a race
// also with the pattern of its lines, its test accuracy and, where that was measured, how rough the loss is
// around its end, and pale where it is hidden.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

class PathLegend {
 public:
  // `font` (for measuring) and `panels` must outlive the legend.
  PathLegend(const Font& font, const PanelPass& panels) : font_(&font), panels_(&panels) {}
  // Draws into `panel` and appends the words. Draws nothing where there is one descent only.
  void draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
            std::vector<ScreenLabel>& labels_out) const;

 private:
  void draw_sample(const PassContext& context, const Rect& place, std::uint32_t pattern,
                   const glm::vec4& color) const;

  const Font* font_;
  const PanelPass* panels_;
};

}  // namespace fl
