#pragma once
// What all passes share. A pass owns its pipelines, reads a frame slot's storage buffers in its shaders and
// records draws; it begins no rendering and knows no other pass.
//
// Descriptor sets, the same for every pass (shaders/frame.glsl and shaders/common.glsl declare them):
//   set 0  the slot: a storage buffer for each of FL_FRAME_SECTIONS
//   set 1  the view: one uniform buffer, ViewUniforms
//   set 2  the pass's own (an atlas, a list of lines), where it has one; set 3  a second one
// Colour is written sRGB-encoded with straight alpha into UNORM images.

#include <array>
#include <cstdint>
#include <span>

#include <glm/mat3x3.hpp>
#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>
#include <vulkan/vulkan.h>

#include "engine/pass/theme.h"
#include "engine/view/color_map.h"
#include "engine/vk/descriptor.h"
#include "engine/vk/device.h"
#include "engine/vk/frames.h"
#include "trainer/seam/frame.h"
#include "trainer/seam/slot_contents.h"

namespace fl {

// Frames that may be on their way at once; what the host writes for a frame exists this many times.
inline constexpr std::uint32_t kFramesInFlight = FramesInFlight::kCount;

// Pixels, origin top left, y down.
struct Rect {
  float x = 0, y = 0, width = 0, height = 0;
  [[nodiscard]] float right() const { return x + width; }
  [[nodiscard]] float bottom() const { return y + height; }
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
};
[[nodiscard]] bool overlap(const Rect& a, const Rect& b);
// The part that both have; empty where there is none.
[[nodiscard]] Rect common_part(const Rect& a, const Rect& b);
// The smallest that holds both; of an empty one and another, the other.
[[nodiscard]] Rect around(const Rect& a, const Rect& b);

// Larger than any picture.
inline constexpr Rect kEverywhere{0, 0, 1e6f, 1e6f};

// What a pass is built with. 3-D passes draw with depth and `samples`; 2-D passes get
// depth_format = VK_FORMAT_UNDEFINED and one sample.
struct PassSetup {
  Device& device;
  VkDescriptorSetLayout slot_layout = VK_NULL_HANDLE;
  VkDescriptorSetLayout view_layout = VK_NULL_HANDLE;
  VkFormat color_format = VK_FORMAT_UNDEFINED;
  VkFormat depth_format = VK_FORMAT_UNDEFINED;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
};

// How loss becomes height, in the shaders and for tick labels alike:
//   y = height * (c - low) / (high - low),  c = loss or log10(loss).
struct SurfaceScale {
  bool log = false;
  float low = 0, high = 1;  // in c
  float interval = 0.1f;    // between contour lines, in c; every kBold-th is bold and labelled
  float height = 0.85f;     // world height of the surface's box
  [[nodiscard]] float coordinate(float loss) const;
  [[nodiscard]] float world_y(float loss) const;
  // Kept between the box's floor and its ceiling: a point of the path may have any loss, and nothing may
  // leave the stage. shaders/surface.glsl does the same.
  [[nodiscard]] float stage_y(float loss) const;
  [[nodiscard]] float ceiling() const { return height + kHeadroom; }

  static constexpr int kBold = 5;
  static constexpr float kFloor = -0.04f;    // just below the lowest loss
  static constexpr float kHeadroom = 0.03f;  // of the walls above the highest
};
// Linear where a log was asked for and the losses do not allow it (a value <= 0).
SurfaceScale surface_scale(const Frame& frame, bool want_log);

using shared::ViewUniforms;

// Everything a pass needs to record its part of one frame.
struct PassContext {
  VkCommandBuffer cmd = VK_NULL_HANDLE;
  std::uint32_t frame_index = 0;  // < kFramesInFlight: which copy of per-frame host memory is ours
  VkExtent2D extent{};            // of the whole picture
  Rect viewport;                  // of the 3-D view, where the viewport already is set
  VkDescriptorSet slot_set = VK_NULL_HANDLE;  // null before the first publish: then `frame` is all zero
  VkDescriptorSet view_set = VK_NULL_HANDLE;
  const Frame& frame;
  const Theme& theme;
  SurfaceScale surface;
  glm::mat4 view{1};
  glm::mat4 projection{1};
  glm::vec3 eye{0};
  glm::vec3 light{0};         // toward the key light, unit length
  std::uint64_t content = 0;  // StageView::content
  SlotContents contents{};    // StageView::contents
  double time = -1;           // StageView::time
  std::uint32_t hidden_runs = 0;  // ViewState::hidden_runs
  float scale = 1;            // of text and of line widths: 1 at 720 lines, more for presenters
  float picture_scale = 1;    // the same without what presenters add
  glm::mat3 plane{1};         // from a flat pass's pixels to the picture's: see plane.h
  Rect clip = kEverywhere;    // whole pixels; nothing is drawn outside of it
};

// Sets viewport and scissor to `rect`, the scissor clipped to the picture and to context.clip.
void set_viewport(const PassContext& context, const Rect& rect);

// Set 0 for each of a ring's slots. `buffers` hold one slot each, from their beginning.
class SlotSets {
 public:
  SlotSets(const Device& device, const FrameLayout& layout, std::span<const VkBuffer> buffers);
  [[nodiscard]] VkDescriptorSet set(std::uint32_t slot) const { return sets_.at(slot); }

  // The layout of set 0, for pipelines: alike for every ring.
  static SetLayoutHandle make_layout(const Device& device);

 private:
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  std::array<VkDescriptorSet, kFrameSlots> sets_{};
};

}  // namespace fl
