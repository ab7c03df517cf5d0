#include "engine/pass/screen_bounds.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

constexpr float kNearest =
    0.01f;                  // of clip coordinates: nothing nearer is drawn as a line (shaders/lines.vert)
constexpr float kEdge = 2;  // pixels that rounding and soft edges may take

}  // namespace

bool ScreenBounds::add(glm::vec3 world, float reach) {
  const glm::vec4 clip = matrix_ * glm::vec4(world, 1);
  if (!(clip.w >= kNearest)) return false;
  const Rect& view = context_.viewport;
  // Far outside is outside: sums of very large numbers are not exact.
  const float x = std::clamp(view.x + (clip.x / clip.w * 0.5f + 0.5f) * view.width, -1e5f, 1e5f);
  const float y = std::clamp(view.y + (clip.y / clip.w * 0.5f + 0.5f) * view.height, -1e5f, 1e5f);
  const float around_it = reach + kEdge;
  rect_ = around(rect_, Rect{x - around_it, y - around_it, 2 * around_it, 2 * around_it});
  return true;
}

void ScreenBounds::add_box(glm::vec3 low, glm::vec3 high) {
  for (int corner = 0; corner < 8; ++corner)
    if (!add({(corner & 1) != 0 ? high.x : low.x, (corner & 2) != 0 ? high.y : low.y,
              (corner & 4) != 0 ? high.z : low.z},
             1))
      return add_all();
}

Rect ScreenBounds::rect() const {
  return widened(context_, rect_, 0);
}

Rect widened(const PassContext& context, const Rect& rect, float margin) {
  if (rect.empty()) return {};
  const float left = std::floor(rect.x - margin), top = std::floor(rect.y - margin);
  return common_part(context.viewport, {left, top, std::ceil(rect.right() + margin) - left,
                                        std::ceil(rect.bottom() + margin) - top});
}

}  // namespace fl
