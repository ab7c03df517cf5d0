#pragma once
// Runs of one lesson that differ in their seed alone: how often each test accuracy came, as bars, and how
// often it would come by the chance of so few test images alone, as outlines.

#include "engine/charts/seeds/seeds_layout.h"
#include "engine/vk/pipeline.h"

namespace fl {

class SeedsPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  SeedsPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `area` and appends the words. Draws nothing where the frame has no such runs.
  void draw(const PassContext& context, const Rect& area, const SweepChoice& choice,
            std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
