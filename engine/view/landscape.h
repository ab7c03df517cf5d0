#pragma once
// The loss surface. Two small compute passes read the slot's heights and leave, for each cell, its height in
// the world, its slope and the light that reaches it; the vertex shader makes vertices of them. Cells that
// are unknown or not finite are holes; interpolated ones are paler than evaluated ones.

#include <map>

#include "engine/view/pass.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

class LandscapePass {
 public:
  explicit LandscapePass(const PassSetup& setup);
  // Outside rendering, before draw.
  void prepare(const PassContext& context);
  void draw(const PassContext& context);

 private:
  // Triangles over a grid of `side` vertices a side. Made once for each side that occurs (2^k + 1, so few)
  // and kept: frames in flight may still use an earlier one.
  const Buffer& indices(std::uint32_t side);
  void ensure_relief(std::uint32_t side);

  Device& device_;
  SetLayoutHandle relief_layout_;
  DescriptorPool pool_;
  VkDescriptorSet relief_set_ = VK_NULL_HANDLE;
  ComputePipeline relief_height_;
  ComputePipeline relief_light_;
  GraphicsPipeline pipeline_;
  std::map<std::uint32_t, Buffer> indices_;
  Buffer relief_heights_;
  Buffer relief_cells_;
  std::uint32_t relief_side_ = 0;  // what the two have room for
};

}  // namespace fl
