#pragma once
// When a run's fate is sealed: the loss along the straight line between two forks of each step, the chosen
// one bright, and as bars how high the ridge on it is.

#include "engine/charts/fate/fate_layout.h"
#include "engine/vk/pipeline.h"

namespace fl {

class FatePass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  FatePass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `area` and appends the words. Draws nothing where the frame has no such forks.
  void draw(const PassContext& context, const Rect& area, std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;  // of curves
};

}  // namespace fl
