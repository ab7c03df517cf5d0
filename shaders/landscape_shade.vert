#version 460
#extension GL_GOOGLE_include_directive : require
// One triangle that covers the view, with all that landscape_shade.frag needs of uniforms: 15 of the 16 vectors that
// every device can hand over.
#include "common.glsl"
#include "contour.glsl"
#include "relief.glsl"
#include "surface_light.glsl"

layout(location = 0) out vec3 ray;
layout(location = 1) flat out vec4 ray_right;  // xyz: its change from pixel to pixel; w: ViewUniforms
layout(location = 2) flat out vec4 ray_down;
layout(location = 3) flat out uvec3 grid;      // side, drawn, stride: ReliefParams
layout(location = 4) flat out SurfaceLook look;

void main() {
  vec2 corner = whole_corner(gl_VertexIndex);
  gl_Position = vec4(corner, 1.0, 1.0);
  ray = pixel_ray(view.viewport.xy + (corner * 0.5 + 0.5) * view.viewport.zw);
  ray_right = view.ray_right;
  ray_down = view.ray_down;
  grid = uvec3(params.side, params.drawn, params.stride);
  look = surface_look();
}
