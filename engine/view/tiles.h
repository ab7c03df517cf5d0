#pragma once
// The feature wall: what each layer of the network makes of the chosen image, drawn from the activations in
// the frame slot. tiles_layout.h says where the tiles go.

#include <vector>

#include "engine/view/font.h"
#include "engine/view/label.h"
#include "engine/view/pass.h"
#include "engine/view/stage_texts.h"
#include "engine/vk/pipeline.h"

namespace fl {

class TilesPass {
 public:
  // `font` (for measuring) must outlive the pass.
  TilesPass(const PassSetup& setup, const Font& font);
  // Draws the wall into `panel` and appends its titles. Draws nothing before the first publish.
  void draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
            std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  GraphicsPipeline pipeline_;
};

// "16 × 64 × 64": channels, height, width; "64" for a vector.
[[nodiscard]] std::string layer_shape(const FrameLayer& layer);

}  // namespace fl
