#version 460
#extension GL_GOOGLE_include_directive : require
// A rounded rectangle on the picture, one a draw. See engine/pass/panel.h.
#include "common.glsl"
#include "rect.glsl"

layout(location = 0) out vec2 out_from_centre;
layout(location = 1) flat out vec4 out_fill;
layout(location = 2) flat out vec4 out_border_color;
layout(location = 3) flat out vec4 out_shape;  // half the size without its rounding, radius, border
layout(location = 4) flat out float out_softness;

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  // More on each side for the edge's own coverage.
  const float reach = max(1.0, push.softness);
  const vec2 pixel = push.rect.xy - reach + corner * (push.rect.zw + 2.0 * reach);
  out_fill = push.fill;
  out_border_color = push.border_color;
  out_shape = vec4(0.5 * push.rect.zw - push.radius, push.radius, push.border);
  out_softness = push.softness;
  out_from_centre = pixel - push.rect.xy - 0.5 * push.rect.zw;
  gl_Position = on_plane(push.plane, pixel);
}
