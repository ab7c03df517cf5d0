#include "engine/landscape/surface_hit.h"

#include <bit>

#include "shaders/shaders.h"
#include "shaders/shared/surface_hit.h"

#include "engine/vk/barrier.h"

namespace fl {

namespace {

constexpr std::uint32_t kGroup = 8;  // shaders/surface_hit.comp

}  // namespace

SurfaceHit::SurfaceHit(const PassSetup& setup, const Relief& relief)
    : layout_(make_set_layout(setup.device, {{0}})),
      pool_(setup.device, 1),
      set_(pool_.allocate(layout_.get())),
      question_(setup.device, sizeof(shared::SurfaceRay), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                BufferMemory::kReadback),
      pipeline_(setup.device, shader::surface_hit_comp,
                {setup.slot_layout, setup.view_layout, relief.layout(), layout_.get()}) {
  write_buffer(setup.device, set_, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, question_.handle());
  question_.as<shared::SurfaceRay>()[0] = {};
}

void SurfaceHit::ask(const PassContext& context, const Relief& relief, const Ray& ray) {
  question_.as<shared::SurfaceRay>()[0] = {.origin = glm::vec4(ray.origin, 1),
                                           .along = glm::vec4(ray.along, 0)};
  if (context.frame.facts.grid_side < 2 || context.slot_set == VK_NULL_HANDLE) return;
  pipeline_.bind(context.cmd);
  pipeline_.bind_set(context.cmd, 1, context.view_set);
  pipeline_.bind_set(context.cmd, 2, relief.set(context.frame_index));
  pipeline_.bind_set(context.cmd, 3, set_);
  const std::uint32_t groups = (relief.drawn() - 1 + kGroup - 1) / kGroup;
  vkCmdDispatch(context.cmd, groups, groups, 1);
  memory_barrier(context.cmd, kComputeWrite, kHostRead);
}

std::optional<glm::vec3> SurfaceHit::answer() const {
  const shared::SurfaceRay& asked = question_.as<shared::SurfaceRay>()[0];
  if (asked.distance_bits == shared::kNoHit) return {};
  return glm::vec3(asked.origin) + std::bit_cast<float>(asked.distance_bits) * glm::vec3(asked.along);
}

}  // namespace fl
