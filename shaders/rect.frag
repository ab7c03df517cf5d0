#version 460
#extension GL_GOOGLE_include_directive : require
#include "rect.glsl"

layout(location = 0) in vec2 in_from_centre;
layout(location = 0) out vec4 out_color;

void main() {
  // Signed distance to the rounded rectangle, negative inside.
  const vec2 beyond = abs(in_from_centre) - (0.5 * push.rect.zw - push.radius);
  const float distance = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - push.radius;
  const float shape = push.softness > 1.0 ? 1.0 - smoothstep(-1.0, 1.0, distance / push.softness) : clamp(0.5 - distance, 0.0, 1.0);
  if (shape <= 0.0) discard;
  const float border = push.border > 0.0 ? clamp(distance + push.border + 0.5, 0.0, 1.0) * push.border_color.a : 0.0;
  // The border lies over the fill; straight alpha.
  const float alpha = border + push.fill.a * (1.0 - border);
  const vec3 color = (push.border_color.rgb * border + push.fill.rgb * push.fill.a * (1.0 - border)) / max(alpha, 1e-4);
  out_color = vec4(color, alpha * shape);
}
