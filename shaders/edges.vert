#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(location = 0) flat out ivec2 limit;  // the last pixel

void main() {
  gl_Position = vec4(whole_corner(gl_VertexIndex), 1.0, 1.0);
  limit = ivec2(view.viewport.zw) - 1;
}
