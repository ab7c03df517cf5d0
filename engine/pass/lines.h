#pragma once
// Straight lines in the world with a width in pixels: axes, grids, stems, arrows.

#include <array>
#include <span>

#include <glm/vec4.hpp>

#include "engine/pass/pass.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

// shaders/lines.vert mirrors this in std430.
struct Line {
  Line(glm::vec3 from_, glm::vec3 to_, float pixels, glm::vec4 color_)
      : from(from_), width(pixels), to(to_), color(color_) {}
  glm::vec3 from;
  float width;  // pixels
  glm::vec3 to;
  float unused = 0;
  glm::vec4 color;  // sRGB, straight alpha
};
static_assert(sizeof(Line) == 48);

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
