#pragma once
// The map of a head's embeddings: the training images where two principal components of the embedding put
// them, each framed or marked as its class is, behind them what the head says at each place, and an arrow for
// each class toward where the head says more of it. The head's part moves while it is trained. Colours have
// shapes beside them.

#include <vector>

#include "engine/charts/map_layout.h"
#include "engine/pass/panel.h"
#include "engine/vk/pipeline.h"

namespace fl {

class MapPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  MapPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `panel` and appends the words. Draws nothing where the frame has no map.
  void draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
            std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
