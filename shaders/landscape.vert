#version 460
#extension GL_GOOGLE_include_directive : require
// One vertex a drawn cell.
#include "common.glsl"
#include "relief.glsl"

layout(location = 0) out vec3 world;
layout(location = 1) out vec2 normal;
layout(location = 2) out vec4 light;  // key light that arrives, sky that is seen, 1 = evaluated, rim

void main() {
  ivec2 cell = vertex_cell(gl_VertexIndex);
  Relief r = relief_at(cell);
  world = drawn_vertex(cell, r.y);
  normal = r.normal;
  light = vec4(r.key, r.sky, r.evaluated, r.rim);
  gl_Position = view.view_projection * vec4(world, 1.0);
  gl_ClipDistance[0] = r.rim;  // holes are cut by geometry: no fragment is thrown away, samples smooth the rim
}
