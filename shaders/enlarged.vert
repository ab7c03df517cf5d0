#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(set = 2, binding = 0) uniform sampler2D picture;

layout(location = 0) out vec2 place;       // in the picture, 0 to 1
layout(location = 1) flat out vec4 inner;  // places that no other part of it is mixed into

void main() {
  vec2 corner = whole_corner(gl_VertexIndex);
  vec2 size = vec2(textureSize(picture, 0));
  vec2 first = floor(view.viewport.xy * 0.5), pixels = ceil(view.viewport.zw * 0.5);  // EdgeFilter::halved
  gl_Position = vec4(corner, 1.0, 1.0);
  place = (first + (corner * 0.5 + 0.5) * pixels) / size;
  inner = vec4(first + 0.5, first + pixels - 0.5) / size.xyxy;
}
