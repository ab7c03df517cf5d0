#include "engine/stage/view_uniforms.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/stage/stage.h"

namespace fl {
namespace {

// The projection undone, pixel by pixel.
void set_rays(const PassContext& context, const CameraMatrices& seen, ViewUniforms& uniforms) {
  const glm::mat4& projection = seen.projection;
  const glm::mat3 to_world = glm::transpose(glm::mat3(seen.view));  // a turn is undone by its transpose
  const Rect& rect = context.viewport;
  const glm::vec3 right = to_world * glm::vec3(2 / (rect.width * projection[0][0]), 0, 0);
  const glm::vec3 down = to_world * glm::vec3(0, 2 / (rect.height * projection[1][1]), 0);
  const glm::vec3 corner = to_world * glm::vec3((projection[2][0] - 1) / projection[0][0],
                                                (projection[2][1] - 1) / projection[1][1], -1);
  uniforms.ray = glm::vec4(corner - rect.x * right - rect.y * down, 0);
  uniforms.ray_right = glm::vec4(right, projection[3][2]);
  uniforms.ray_down = glm::vec4(down, projection[2][2]);
}

}  // namespace

void write_view_uniforms(const PassContext& context, const StageView& view,
                         std::span<const glm::vec4> contacts, Buffer& buffer) {
  const auto width = static_cast<float>(context.extent.width);
  const auto height = static_cast<float>(context.extent.height);
  const Rect& rect = context.viewport;
  const float pixels_per_unit = rect.height / (2 * std::tan(view.camera.field_of_view / 2));
  CameraMatrices seen{context.view, context.projection, context.eye};
  if (view.lens != glm::vec2(0)) seen = through_lens(seen, view.lens, view.camera.distance);
  ViewUniforms uniforms{
      .view_projection = seen.projection * seen.view,
      .view = seen.view,
      .eye = glm::vec4(seen.eye, 1),
      .target = {width, height, 1 / width, 1 / height},
      .viewport = {rect.x, rect.y, rect.width, rect.height},
      .surface = {context.surface.low, context.surface.high, context.surface.interval,
                  context.surface.height},
      .options = {context.surface.log ? 1.0f : 0.0f, context.scale, pixels_per_unit,
                  view.points ? 1.0f : 0.0f},
      .light = glm::vec4(context.light, 0),
      .ray = {},
      .ray_right = {},
      .ray_down = {},
      .theme = view.colors->warm ? over_warm_colors(context.theme) : context.theme,
      .ground_top = view.ground < 0 ? context.theme.background_top : glm::vec4(view.ground),
      .ground_bottom = view.ground < 0 ? context.theme.background_bottom : glm::vec4(view.ground),
      .colors = view.colors->roots,
      .contacts = {}};
  set_rays(context, seen, uniforms);
  std::ranges::copy(contacts, uniforms.contacts.begin());
  std::memcpy(buffer.mapped().data(), &uniforms, sizeof(uniforms));
}

}  // namespace fl
