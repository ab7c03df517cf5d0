#version 460
#extension GL_GOOGLE_include_directive : require
// One vertex a grid cell. The index buffer names, for both triangles of a quad, its corner (column, row)
// first: that vertex provokes, so its flat value speaks for the whole quad.
#include "frame.glsl"
#include "common.glsl"
#define RELIEF_ACCESS readonly
#include "relief.glsl"

layout(location = 0) out vec3 world;
layout(location = 1) out vec3 normal;
layout(location = 2) out vec3 light;  // key light that arrives, sky that is seen, 1 = evaluated
layout(location = 3) flat out float quad_known;

void main() {
  int side = int(header.grid_side);
  int i = gl_VertexIndex;
  ivec2 cell = ivec2(i % side, i / side);
  float y = relief_y[i];
  bool known = !isnan(y);
  quad_known = 0.0;
  if (known && cell.x + 1 < side && cell.y + 1 < side)
    quad_known = isnan(relief_y[i + 1] + relief_y[i + side] + relief_y[i + side + 1]) ? 0.0 : 1.0;
  Relief r = relief[i];
  float pitch = 2.0 / float(side - 1);
  world = vec3(-1.0 + pitch * float(cell.x), known ? y : 0.0, 1.0 - pitch * float(cell.y));
  normal = normalize(vec3(-r.slope_x, 1.0, -r.slope_z));
  light = vec3(r.key, r.sky, cells[i] == kEvaluated ? 1.0 : 0.0);
  gl_Position = view.view_projection * vec4(world, 1.0);
}
