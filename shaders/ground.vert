#version 460
#extension GL_GOOGLE_include_directive : require
// One triangle that covers the view, with all that ground.frag needs of uniforms.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"

layout(location = 0) out vec3 ray;
layout(location = 1) flat out vec4 top;    // rgb; a: a pixel's share of the picture's height
layout(location = 2) flat out vec4 bottom;  // rgb; a: how much of the floor is seen
layout(location = 3) flat out vec4 floor_color;
layout(location = 4) flat out vec3 eye;     // x and z, and its height over the floor

void main() {
  vec2 corner = whole_corner(gl_VertexIndex);
  gl_Position = vec4(corner, 1.0, 1.0);
  ray = pixel_ray(view.viewport.xy + (corner * 0.5 + 0.5) * view.viewport.zw);
  top = vec4(view.ground_top.rgb, view.target.w);
  // From the side a floor is a line, from below it is not there.
  bottom = vec4(view.ground_bottom.rgb, clamp(view.eye.y * 2.5, 0.0, 1.0));
  floor_color = view.theme.floor_;
  // It lies a little lower than the lines that are drawn on it.
  eye = vec3(view.eye.xz, max(view.eye.y - (kFloorY - 0.004), 0.0));
}
