#pragma once
// The phase of a step on the surface: arrows, squares and the ball that is to come, from the slot's marks.
// They lie level with their ball, and over all: no hill hides what is being explained.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/pass/screen_bounds.h"
#include "engine/vk/pipeline.h"

namespace fl {

class PhaseMarksPass {
 public:
  explicit PhaseMarksPass(const PassSetup& setup);
  // After all else of the 3-D view.
  void draw(const PassContext& context) const;
  // Adds where draw() can draw.
  static void add_to(ScreenBounds& bounds);

 private:
  GraphicsPipeline pipeline_;
};

// What the marks are: a word at an arrow's tip or at a square, one of each kind.
[[nodiscard]] std::vector<Label> phase_labels(const PassContext& context);

}  // namespace fl
