#version 460
#extension GL_GOOGLE_include_directive : require
// A bar of a histogram of seeds: filled, or as an outline that is open below.
#include "common.glsl"
#include "seeds.glsl"

layout(location = 0) in vec2 in_inside;
layout(location = 1) in flat vec2 in_size;
layout(location = 2) in flat vec4 in_color;
layout(location = 0) out vec4 out_color;

void main() {
  out_color = in_color;
  if (push.line <= 0.0) return;
  const float edge = min(min(in_inside.x, in_size.x - in_inside.x), in_size.y - in_inside.y);
  if (edge > push.line) discard;
}
