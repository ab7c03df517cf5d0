#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(location = 0) flat out ivec4 pixels;  // of the view: the first and the last

void main() {
  gl_Position = vec4(whole_corner(gl_VertexIndex), 1.0, 1.0);
  pixels = ivec4(view.viewport.xy, view.viewport.xy + view.viewport.zw - 1.0);
}
