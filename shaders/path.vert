#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "path.glsl"

layout(std430, set = 2, binding = 0) readonly buffer PlacedBuffer { PlacedPoint placed[]; };

layout(location = 0) flat out vec4 ends;   // pixels
layout(location = 1) flat out vec4 start_color;
layout(location = 2) flat out vec4 end_color;
layout(location = 3) flat out vec4 beyond;  // pixels: where the capsule before begins, where the next one ends
layout(location = 4) flat out vec4 ink;     // outline: its colour; hidden: what it is mixed with; else unused
layout(location = 5) flat out vec4 shape;   // PathPush: radius, halo, hidden, blended
layout(location = 6) flat out vec4 dash;    // pixels of the path before both ends; PathPush: pattern, unit

// The pixel of a point next to this capsule; far away where there is none, or no capsule up to it is drawn.
vec2 neighbour(uint at) {
  const vec2 none = vec2(1e6);
  if (push.blended == 0u || at < push.first || at >= push.first + push.count) return none;
  return placed[at].w > 0.0 ? vec2(placed[at].x, placed[at].y) : none;
}

void main() {
  uint segment = push.first + gl_InstanceIndex;
  PlacedPoint from = placed[segment], to = placed[segment + 1u];
  start_color = unpackUnorm4x8(from.color);
  end_color = unpackUnorm4x8(to.color);
  ink = push.halo > 0.0 ? view.theme.contour : view.theme.background_bottom;
  shape = vec4(push.radius, push.halo, push.hidden, float(push.blended));
  dash = vec4(from.along, to.along, float(push.pattern), push.unit);
  ends = vec4(from.x, from.y, to.x, to.y);
  beyond = vec4(neighbour(segment - 1u), neighbour(segment + 2u));
  if (min(from.w, to.w) <= 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);  // outside: nothing is drawn
    return;
  }
  vec2 along = ends.zw - ends.xy;
  along = dot(along, along) > 1e-8 ? normalize(along) : vec2(1, 0);
  vec2 across = vec2(-along.y, along.x);
  bool at_end = (gl_VertexIndex & 1) == 1;  // a strip of four
  float side = gl_VertexIndex >= 2 ? 1.0 : -1.0;
  float reach = push.radius + push.halo + 1.0;
  vec2 pixel = (at_end ? ends.zw : ends.xy) + (along * (at_end ? 1.0 : -1.0) + across * side) * reach;
  float depth = at_end ? to.depth : from.depth, w = at_end ? to.w : from.w;
  gl_Position = vec4((pixel - view.viewport.xy) / view.viewport.zw * 2.0 - 1.0, depth, 1.0) * w;
}
