#pragma once
// Tiles of the feature wall: what each layer of the network makes of the chosen image, drawn from the
// activations in the frame slot. tiles_layout.h says where they go on a flat wall, room_layout.h where in the
// room, close_up.h how one looks enlarged.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"
#include "engine/vk/pipeline.h"
#include "engine/wall/close_up.h"
#include "engine/wall/tiles_layout.h"

namespace fl {

// Blocks and the scale at which their words are written.
struct FlatWall {
  std::vector<TileBlock> blocks;
  float scale = 1;
};

// The layers of a frame. `bars`: without the probabilities, which are shown as bars.
[[nodiscard]] std::span<const FrameLayer> frame_layers(const Frame& frame, bool bars);
// `scale`, `picture_scale`: as in PassContext. Before a layer is left out, a presenter's larger words shrink,
// at most to their ordinary size.
[[nodiscard]] FlatWall arrange_flat(const Frame& frame, const Rect& panel, float scale, float picture_scale,
                                    bool bars);

class TilesPass {
 public:
  // `font` (for measuring) must outlive the pass.
  TilesPass(const PassSetup& setup, const Font& font);
  // The flat wall in `panel`; its titles are appended. Draws nothing before the first publish.
  void draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
            std::vector<ScreenLabel>& labels_out, bool bars = false) const;
  // One block and its title, in the plane of the context.
  void draw_block(const PassContext& context, const TileBlock& block, float scale, const StageTexts& texts,
                  std::vector<ScreenLabel>& labels_out) const;
  // One tile as large as `panel` allows; see can_enlarge.
  void draw_close_up(const PassContext& context, const Rect& panel, const TileChoice& tile,
                     const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  GraphicsPipeline pipeline_;
};

// "16 × 64 × 64": channels, height, width; "64" for a vector.
[[nodiscard]] std::string layer_shape(const FrameLayer& layer);

}  // namespace fl
