#pragma once
// The map of a sweep: a cell for each training, coloured by how it ended. It takes the landscape's place.

#include "engine/charts/sweep/sweep_layout.h"
#include "engine/vk/pipeline.h"

namespace fl {

class SweepPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  SweepPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `area` and appends the words. Draws nothing where the frame has no map.
  void draw(const PassContext& context, const Rect& area, const StageTexts& texts, const ColorMap& colors,
            const SweepChoice& choice, std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
