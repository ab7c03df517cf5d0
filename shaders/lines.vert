#version 460
#extension GL_GOOGLE_include_directive : require
// Straight world lines of a width in pixels, one instance each.
#include "common.glsl"
#include "shaders/shared/line.h"

layout(std430, set = 2, binding = 0) readonly buffer LinesBuffer { Line lines[]; };

layout(location = 0) flat out vec4 ends;  // pixels
layout(location = 1) flat out vec4 line_color;
layout(location = 2) flat out float width;

vec2 to_pixels(vec4 clip) { return view.viewport.xy + (clip.xy / clip.w * 0.5 + 0.5) * view.viewport.zw; }

void main() {
  Line line = lines[gl_InstanceIndex];
  vec4 from = view.view_projection * vec4(line.from, 1.0);
  vec4 to = view.view_projection * vec4(line.to, 1.0);
  line_color = line.color;
  width = line.width;
  ends = vec4(to_pixels(from), to_pixels(to));
  if (from.w < 0.01 || to.w < 0.01) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec2 along = ends.zw - ends.xy;
  along = dot(along, along) > 1e-8 ? normalize(along) : vec2(1, 0);
  vec2 across = vec2(-along.y, along.x);
  bool at_end = (gl_VertexIndex & 1) == 1;  // a strip of four
  float side = gl_VertexIndex >= 2 ? 1.0 : -1.0;
  vec2 pixel = (at_end ? ends.zw : ends.xy) + (along * (at_end ? 0.5 : -0.5) + across * side * (width * 0.5 + 1.0));
  vec4 clip = at_end ? to : from;
  gl_Position = vec4(((pixel - view.viewport.xy) / view.viewport.zw * 2.0 - 1.0) * clip.w, clip.zw);
}
