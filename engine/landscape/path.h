#pragma once
// The descent: a tube through the iterates at their real losses, bright where it was fast, fading as it
// leaves the plane; the ball at the newest one and a marker at the first. What the surface hides is drawn
// dimmed, because a path that vanishes behind a hill tells nothing. Of several descents each has a colour.

#include "engine/pass/pass.h"
#include "engine/pass/screen_bounds.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

class PathPass {
 public:
  explicit PathPass(const PassSetup& setup);
  // Outside rendering, before the draws.
  void prepare(const PassContext& context);
  // After the surface, which it is tested against.
  void draw(const PassContext& context);
  // Adds where draw() can draw; all of the view where the host cannot read the path.
  static void add_to(ScreenBounds& bounds);

 private:
  void draw_balls(const PassContext& context, const GraphicsPipeline& pipeline, float shown) const;
  void draw_paths(const PassContext& context, const GraphicsPipeline& pipeline, float halo,
                  bool hidden) const;
  void ensure_room(std::uint32_t points);

  Device& device_;
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  VkDescriptorSet set_ = VK_NULL_HANDLE;
  Buffer placed_;           // where the points stand on the picture: shaders/path.glsl, PlacedPoint
  std::uint32_t room_ = 0;  // points
  ComputePipeline place_;
  bool blended_;  // one sample a pixel: shaders/path.glsl
  GraphicsPipeline hidden_;
  GraphicsPipeline halo_;
  GraphicsPipeline core_;
  GraphicsPipeline hidden_ball_;
  GraphicsPipeline ball_;
};

}  // namespace fl
