#pragma once
// Straight lines in the world with a width in pixels: axes, grids, stems, arrows.

#include <array>
#include <span>

#include "shaders/shared/line.h"

#include "engine/pass/pass.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

using shared::Line;

class LinesPass {
 public:
  static constexpr std::size_t kMaxLines = 1024;  // of one frame; what is beyond is not drawn

  explicit LinesPass(const PassSetup& setup);
  // Hides behind nearer things, hides nothing itself. At most once a frame.
  void draw(const PassContext& context, std::span<const Line> lines);

 private:
  SetLayoutHandle set_layout_;
  DescriptorPool pool_;
  std::array<Buffer, kFramesInFlight> buffers_;
  std::array<VkDescriptorSet, kFramesInFlight> sets_{};
  GraphicsPipeline pipeline_;
};

}  // namespace fl
