#pragma once
// What the device works out of one height grid before it is drawn: heights in the world, normals, soft shadow,
// ambient occlusion, rims of holes, and the shadow on the floor. All of it stays on the device, and only what
// changed is computed again. Heights move toward the slot's, so that a finer level or a new plane flows into
// the picture instead of jumping.

#include <array>

#include "engine/pass/pass.h"
#include "engine/vk/buffer.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"

namespace fl {

class Relief {
 public:
  // A finer grid is drawn with every stride-th row and column: no picture has room for more.
  static constexpr std::uint32_t kMostDrawn = 513;

  // `test`: of the slot's second surface, the test set's.
  Relief(const PassSetup& setup, bool test);

  // Outside rendering, once a frame. What `change` names is computed again.
  struct Change {
    bool heights = true;  // what the slot holds, or the scale
    bool light = true;
    float follow = 1;     // share of the way to the slot's heights
  };
  void prepare(const PassContext& context, const Change& change);

  [[nodiscard]] VkDescriptorSetLayout layout() const { return layout_.get(); }
  [[nodiscard]] VkDescriptorSet set(std::uint32_t frame_index) const { return sets_[frame_index]; }
  // Cells a side that are drawn, >= 2 after prepare.
  [[nodiscard]] std::uint32_t drawn() const { return drawn_; }

 private:
  void ensure_room(std::uint32_t drawn);
  void begin_images(const PassContext& context);
  void dispatch(const PassContext& context, const ComputePipeline& pipeline, std::uint32_t side) const;

  Device& device_;
  bool test_;
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  std::array<VkDescriptorSet, kFramesInFlight> sets_{};
  std::array<Buffer, kFramesInFlight> params_;
  SamplerHandle sampler_;
  ComputePipeline height_, shape_, key_, floor_;
  Image heights_, cells_, floor_light_;  // in GENERAL: written and fetched in turn
  std::uint32_t drawn_ = 0;
  std::uint32_t room_ = 0;  // cells a side that the images hold
  bool begun_ = false;      // they have their layout
};

}  // namespace fl
