#version 460
#extension GL_GOOGLE_include_directive : require
// One instance a row.
#include "common.glsl"
#include "bars.glsl"

layout(location = 0) out vec2 out_local;
layout(location = 1) flat out uint out_class;

void main() {
  const uint row = gl_InstanceIndex;
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  out_local = corner * vec2(push.area.z, push.thickness);
  out_class = (push.order[row >> 2] >> (8u * (row & 3u))) & 255u;
  const vec2 pixel = push.area.xy + vec2(0.0, float(row) * push.area.w) + out_local;
  gl_Position = on_plane(push.plane, pixel);
}
