#version 460
#extension GL_GOOGLE_include_directive : require
// One triangle that covers the viewport.
#include "common.glsl"

layout(location = 0) flat out vec4 top;     // rgb; a: a pixel's share of the picture's height
layout(location = 1) flat out vec3 bottom;

void main() {
  gl_Position = vec4(whole_corner(gl_VertexIndex), 1.0, 1.0);
  top = vec4(view.ground_top.rgb, view.target.w);
  bottom = view.ground_bottom.rgb;
}
