#pragma once
// Where a ray meets the drawn surface. Only the device knows the heights: a small compute pass tries the ray
// on the very triangles that are drawn and leaves one distance in memory that the host reads when the frame
// is done. It runs in frames that ask, and in no other.

#include <optional>

#include "engine/landscape/relief.h"
#include "engine/pass/pass.h"
#include "engine/view/camera.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

class SurfaceHit {
 public:
  // `relief`: of the surface that rays are to meet.
  SurfaceHit(const PassSetup& setup, const Relief& relief);
  // Outside rendering, after the relief is prepared. A question before is done and its answer read.
  void ask(const PassContext& context, const Relief& relief, const Ray& ray);
  // The point that is nearest to the origin of the ray asked last, world; nothing where it meets none, or
  // none was asked. The frame that asked must be done.
  [[nodiscard]] std::optional<glm::vec3> answer() const;

 private:
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  VkDescriptorSet set_ = VK_NULL_HANDLE;
  Buffer question_;
  ComputePipeline pipeline_;
};

}  // namespace fl
