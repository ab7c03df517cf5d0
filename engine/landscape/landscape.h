#pragma once
// The loss surface, the floor under it, and, where the slot has one, the test set's surface as glass over it.
// Vertices are made of the slot's heights on the device (relief.h). Cells that are unknown or not finite are
// holes; interpolated ones are paler than evaluated ones.

#include <map>
#include <optional>
#include <vector>

#include "engine/landscape/relief.h"
#include "engine/pass/pass.h"
#include "engine/pass/screen_bounds.h"
#include "engine/vk/buffer.h"
#include "engine/vk/descriptor.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"

namespace fl {

class LandscapePass {
 public:
  explicit LandscapePass(const PassSetup& setup);
  // Outside rendering, before the draws.
  void prepare(const PassContext& context);
  // With one sample a pixel the surface is drawn in two steps: draw() into the depth image alone, without
  // colour, and then shade(), which reads it. With several, draw() does it all. With one: the depth image
  // that is drawn into, when it is another. No frame in flight may use the one before.
  void read_from(const Image& depth);
  // The surface, opaque, nearest triangles first.
  void draw(const PassContext& context);
  void shade(const PassContext& context);
  // Everywhere else: the floor with its pool of light, and the backdrop. False, and nothing is drawn, without
  // a surface.
  bool draw_ground(const PassContext& context);
  // Where balls stand on the surface, before them. `count`: of ViewUniforms::contacts.
  void draw_contacts(const PassContext& context, std::uint32_t count);
  // After all that is opaque.
  void draw_test(const PassContext& context);

  // Heights are still on their way: the next frame will look different.
  [[nodiscard]] bool moving() const { return moving_; }
  // prepare() has changed the heights or their light since the frame before.
  [[nodiscard]] bool changed() const { return changed_; }
  // Adds where draw_contacts() can draw. Precondition: context.contents has the heights, which do not move.
  void add_contacts(ScreenBounds& bounds, std::span<const glm::vec4> contacts) const;
  // Of the surface, for passes that stand on it.
  [[nodiscard]] const Relief& relief() const { return relief_; }

 private:
  // What the relief was computed for.
  struct Known {
    VkDescriptorSet slot = VK_NULL_HANDLE;
    std::uint64_t content = 0;
    SectionRevisions sections;  // of heights and cells only; where they are known, the two above say nothing
    std::uint32_t side = 0;
    bool test = false;
    glm::vec4 scale{0};
    glm::vec3 light{0};
    double time = -1;
  };
  // From which side the camera looks: triangles are drawn nearest first.
  struct Order {
    std::uint32_t side = 0;
    bool right = false, front = false;
    auto operator<=>(const Order&) const = default;
  };

  [[nodiscard]] Relief::Change change(const PassContext& context);
  [[nodiscard]] bool change_is_seen(const PassContext& context, const Known& now) const;
  // Triangles over a grid. Made once for each order that occurs and kept: frames in flight may use an
  // earlier one.
  const Buffer& indices(const Order& order);
  static void bind(const PassContext& context, const GraphicsPipeline& pipeline, const Relief& relief);
  void draw_grid(const PassContext& context, const GraphicsPipeline& pipeline, const Relief& relief,
                 std::uint32_t side, std::uint32_t instances = 1);

  Device& device_;
  Relief relief_;
  Relief test_relief_;
  SetLayoutHandle depth_layout_;
  DescriptorPool pool_;
  VkDescriptorSet depth_set_ = VK_NULL_HANDLE;
  SamplerHandle sampler_;
  GraphicsPipeline pipeline_;
  GraphicsPipeline shade_pipeline_;
  GraphicsPipeline test_pipeline_;
  GraphicsPipeline ground_pipeline_;
  GraphicsPipeline contact_pipeline_;
  std::map<Order, Buffer> indices_;
  std::optional<Known> known_;
  std::vector<float> heights_;  // drawn last, or moved to; empty where the host cannot read them
  bool moving_ = false, changed_ = true;
  double moving_until_ = 0;
};

}  // namespace fl
