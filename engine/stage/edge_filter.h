#pragma once
// Takes the steps out of the edges of a picture that was drawn with one sample a pixel: for devices that have
// no time for four. See shaders/edges.frag.

#include "engine/pass/pass.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"

namespace fl {

class EdgeFilter {
 public:
  // How many pixels away a pixel of the picture may matter: shaders/edges.frag.
  static constexpr float kReach = 13;

  explicit EdgeFilter(const PassSetup& setup);
  // The picture of the 3-D view, of its size; outlives its use here. No frame may be in flight.
  void read_from(const Image& picture);
  // Into the 3-D view's place; the picture is in SHADER_READ_ONLY_OPTIMAL.
  void draw(const PassContext& context) const;
  // Instead, of a picture with half its rows and columns, drawn at halved(context.viewport): enlarges it.
  void enlarge(const PassContext& context) const;
  // Whole pixels; shaders/enlarged.vert does the same.
  [[nodiscard]] static Rect halved(const Rect& viewport);

 private:
  Device& device_;
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  VkDescriptorSet set_ = VK_NULL_HANDLE, smooth_set_ = VK_NULL_HANDLE;
  SamplerHandle sampler_, smooth_;
  GraphicsPipeline pipeline_, enlarging_;
};

}  // namespace fl
