#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "contour.glsl"
#include "relief.glsl"
#include "surface_light.glsl"

layout(location = 0) in vec3 world;
layout(location = 1) in vec2 normal;
layout(location = 2) in vec4 light;
layout(location = 0) out vec4 color;

void main() {
  SurfacePoint p;
  p.world = world;
  p.normal = upward(normal);
  p.key = light.x;
  p.sky = light.y;
  p.evaluated = light.z;
  p.y_per_pixel = fwidth(world.y);
  p.from_rim = light.w / max(fwidth(light.w), 1e-6);
  // The triangle's own side, not the normal's: at a silhouette the interpolated normal may lean the other way.
  p.from_above = gl_FrontFacing;
  color = vec4(surface_color(p, surface_look()), 1.0);
}
