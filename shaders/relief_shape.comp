#version 460
#extension GL_GOOGLE_include_directive : require
// Normals, ambient occlusion and the rims of holes, once a cell and only when heights have changed: too dear
// for a vertex shader that may run several times a vertex.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_store.glsl"
#include "relief_grid.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

// Per world unit along a grid axis: central, one-sided at an edge or a hole, flat where both fail.
float slope(ivec2 cell, ivec2 along, float y) {
  float before = y_at(cell - along), after = y_at(cell + along);
  float rise = 0.0, run = 0.0;
  if (!isnan(after)) {
    rise += after - y;
    run += relief_pitch();
  }
  if (!isnan(before)) {
    rise += y - before;
    run += relief_pitch();
  }
  return run > 0.0 ? rise / run : 0.0;
}

// 1 inside; below 0 beside a hole, the more the more of the eight neighbours it takes, so that the zero line
// rounds the steps of the grid. Nothing is drawn over a cell that is not known, and a little less than all
// that is; less still where cells are small and that is nothing.
float rim(ivec2 cell) {
  float missing = 0.0;
  for (int i = 0; i < 9; ++i) {
    ivec2 other = cell + ivec2(i % 3, i / 3) - 1;
    bool inside = all(greaterThanEqual(other, ivec2(0))) && all(lessThan(other, ivec2(params.drawn)));
    if (inside && isnan(y_at(other))) missing += 1.0;
  }
  return missing > 0.0 ? -missing * (params.drawn >= 65u ? 0.16 : 0.03) : 1.0;
}

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, ivec2(params.drawn)))) return;
  Relief r = unpacked_relief(imageLoad(stored_cells, cell));
  if (isnan(r.y)) return;
  r.normal = normalize(vec3(-slope(cell, ivec2(1, 0), r.y), 1.0, slope(cell, ivec2(0, 1), r.y))).xz;
  vec2 xz = grid_to_world(vec2(cell));
  r.sky = sky_at(vec3(xz.x, r.y, xz.y));
  r.rim = rim(cell);
  imageStore(stored_cells, cell, packed_relief(r));
}
