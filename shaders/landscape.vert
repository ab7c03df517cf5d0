#version 460
#extension GL_GOOGLE_include_directive : require
// One vertex a drawn cell.
#include "frame.glsl"
#include "common.glsl"
#define RELIEF_ACCESS readonly
#include "relief.glsl"

layout(location = 0) out vec3 world;
layout(location = 1) out vec3 normal;
layout(location = 2) out vec4 light;  // key light that arrives, sky that is seen, 1 = evaluated, rim

void main() {
  Relief r = relief[gl_VertexIndex];
  world = drawn_vertex(uint(gl_VertexIndex));
  normal = normalize(vec3(-r.slope_x, 1.0, -r.slope_z));
  light = vec4(r.key, r.sky, r.evaluated, r.rim);
  gl_Position = view.view_projection * vec4(world, 1.0);
  gl_ClipDistance[0] = r.rim;  // holes are cut by geometry: no fragment is thrown away, samples smooth the rim
}
