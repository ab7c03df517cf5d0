#include "engine/pass/panel.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/rect.h"
#include <glm/common.hpp>

#include "engine/pass/plane.h"

namespace fl {
namespace {

constexpr float kGroundRadius = 8;

}  // namespace

PanelPass::PanelPass(const PassSetup& setup)
    : pipeline_(setup.device, {.vertex = shader::rect_vert,
                               .fragment = shader::rect_frag,
                               .sets = {setup.slot_layout, setup.view_layout},
                               .push_bytes = sizeof(shared::RectPush),
                               .color_format = setup.color_format,
                               .depth_format = setup.depth_format,
                               .samples = setup.samples,
                               .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                               .blend = Blend::kAlpha}) {}

void PanelPass::draw(const PassContext& context, std::span<const Panel> panels) const {
  if (panels.empty()) return;
  set_viewport(context.cmd, context.extent,
               {0, 0, static_cast<float>(context.extent.width), static_cast<float>(context.extent.height)});
  pipeline_.bind(context.cmd);
  pipeline_.bind_set(context.cmd, 1, context.view_set);
  for (const Panel& panel : panels) {
    if (panel.rect.width <= 0 || panel.rect.height <= 0) continue;
    const float radius = std::min(panel.radius, 0.5F * std::min(panel.rect.width, panel.rect.height));
    pipeline_.push(context.cmd,
                   shared::RectPush{{panel.rect.x, panel.rect.y, panel.rect.width, panel.rect.height},
                                    panel.fill,
                                    panel.border_color,
                                    radius,
                                    panel.border,
                                    panel.softness,
                                    0,
                                    pushed(context.plane)});
    vkCmdDraw(context.cmd, 4, 1, 0, 0);
  }
}

Rect PanelPass::draw_ground(const PassContext& context, const Rect& rect, float padding) const {
  draw(context, Panel{.rect = snapped(rect),
                      .fill = context.theme.panel,
                      .radius = kGroundRadius * context.picture_scale});
  return inset(snapped(rect), padding);
}

Rect snapped(const Rect& rect) {
  const float x = std::round(rect.x), y = std::round(rect.y);
  return {x, y, std::round(rect.right()) - x, std::round(rect.bottom()) - y};
}

float panel_scale(const PassContext& context, const Rect& panel, glm::vec2 least) {
  return std::max(0.1F, std::min({context.scale, panel.width / least.x, panel.height / least.y}));
}

glm::vec4 flattened(const glm::vec4& over, const glm::vec4& ground, float strength) {
  return glm::vec4(glm::mix(glm::vec3(ground), glm::vec3(over), over.a * strength), 1);
}

}  // namespace fl
