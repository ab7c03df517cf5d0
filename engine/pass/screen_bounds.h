#pragma once
// Which part of the 3-D view things in the world can touch: found by the host, before they are drawn.

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include "engine/pass/pass.h"

namespace fl {

class ScreenBounds {
 public:
  // `context` outlives it.
  explicit ScreenBounds(const PassContext& context)
      : context_(context), matrix_(context.projection * context.view) {}

  // A point with `reach` pixels around it. False, and nothing is added, where it lies behind the eye.
  bool add(glm::vec3 world, float reach);
  // A box, with the pixel that its edges need; of one that reaches behind the eye, the whole view.
  void add_box(glm::vec3 low, glm::vec3 high);
  void add_all() { rect_ = context_.viewport; }

  [[nodiscard]] const PassContext& context() const { return context_; }
  // In whole pixels, inside the view; empty where nothing was added.
  [[nodiscard]] Rect rect() const;

 private:
  const PassContext& context_;
  glm::mat4 matrix_;
  Rect rect_{};
};

// `margin` pixels more on each side, but none outside of the view.
[[nodiscard]] Rect widened(const PassContext& context, const Rect& rect, float margin);

}  // namespace fl
