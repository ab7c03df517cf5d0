#pragma once
// A trainability map: a square of learning rates in which every pixel is a training, blue where it came down,
// yellow to red where it did not. It takes the landscape's place.

#include "engine/charts/rates_layout.h"
#include "engine/pass/panel.h"
#include "engine/vk/pipeline.h"

namespace fl {

class RatesPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  RatesPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `area` and appends the words. Draws nothing where the frame has no map.
  void draw(const PassContext& context, const Rect& area, std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
