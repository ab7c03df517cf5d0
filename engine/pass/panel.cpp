#include "engine/pass/panel.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/rect.h"
#include <glm/common.hpp>

#include "engine/pass/pass_pipeline.h"
#include "engine/pass/plane.h"

namespace fl {
namespace {

constexpr float kGroundRadius = 8;

}  // namespace

PanelPass::PanelPass(const PassSetup& setup)
    : pipeline_(flat_pipeline(setup, {.vertex = shader::rect_vert,
                                      .fragment = shader::rect_frag,
                                      .push_bytes = sizeof(shared::RectPush)})) {}

void PanelPass::draw(const PassContext& context, std::span<const Panel> panels) const {
  if (panels.empty()) return;
  bind_flat(context, pipeline_);
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
