#version 460
#extension GL_GOOGLE_include_directive : require
// The key light's soft shadows on the surface: again when heights or the light have changed.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_store.glsl"
#include "relief_grid.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, ivec2(params.drawn)))) return;
  Relief r = unpacked_relief(imageLoad(stored_cells, cell));
  if (isnan(r.y)) return;
  vec2 xz = grid_to_world(vec2(cell));
  r.key = key_light_at(vec3(xz.x, r.y, xz.y));
  imageStore(stored_cells, cell, packed_relief(r));
}
