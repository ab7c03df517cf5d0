#pragma once
// Rounded rectangles on the picture: grounds of panels, plot frames, grid lines, legend marks. Everything
// flat that is not text, a tile or a curve.

#include <glm/vec2.hpp>

#include "engine/pass/pass.h"
#include "engine/vk/pipeline.h"

namespace fl {

struct Panel {
  Rect rect;
  glm::vec4 fill{0};  // straight alpha; 0 draws the border only
  glm::vec4 border_color{0};
  float radius = 0;    // pixels
  float border = 0;    // pixels, inside the edge
  float softness = 0;  // pixels over which the edge fades: for shadows
};

class PanelPass {
 public:
  explicit PanelPass(const PassSetup& setup);
  // Each call draws at once, in order. Sets pipeline, viewport and scissor.
  void draw(const PassContext& context, std::span<const Panel> panels) const;
  void draw(const PassContext& context, const Panel& panel) const { draw(context, {&panel, 1}); }
  // The ground that parts of the stage stand on; returns what is inside its padding.
  Rect draw_ground(const PassContext& context, const Rect& rect, float padding) const;

 private:
  GraphicsPipeline pipeline_;
};

// The inside of a rectangle, `margin` pixels from each edge.
[[nodiscard]] constexpr Rect inset(const Rect& rect, float margin) {
  return {rect.x + margin, rect.y + margin, rect.width - 2 * margin, rect.height - 2 * margin};
}
// Moved to whole pixels, so that edges and the text laid out from it are crisp.
[[nodiscard]] Rect snapped(const Rect& rect);
// The text scale for a panel: the picture's own, or less where a panel of `least` pixels (at scale 1) would
// not fit. Small words say more than an empty panel.
[[nodiscard]] float panel_scale(const PassContext& context, const Rect& panel, glm::vec2 least);
// The colour of `over`, drawn with its alpha times `strength`, on an opaque ground: for lines that overlap
// themselves and would show every joint if they were drawn translucent.
[[nodiscard]] glm::vec4 flattened(const glm::vec4& over, const glm::vec4& ground, float strength = 1);
[[nodiscard]] inline glm::vec4 faded(glm::vec4 color, float alpha) {
  color.a *= alpha;
  return color;
}

}  // namespace fl
