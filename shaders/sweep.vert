#version 460
#extension GL_GOOGLE_include_directive : require
// The rectangle of a sweep's map.
#include "common.glsl"
#include "sweep.glsl"

layout(location = 0) out vec2 out_share;  // from the left and the lower edge

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  out_share = vec2(corner.x, 1.0 - corner.y);
  gl_Position = on_plane(mat3(1.0), push.plot.xy + corner * push.plot.zw);
}
