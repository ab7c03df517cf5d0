#version 460
#extension GL_GOOGLE_include_directive : require
// Where a ray meets the surface first: the very triangles that landscape.vert and landscape_depth.vert make, cut
// at the rims of holes and at the near plane as the rasteriser cuts them. Two triangles a thread.
#include "common.glsl"
#include "relief.glsl"
#include "shaders/shared/surface_hit.h"

layout(local_size_x = 8, local_size_y = 8) in;

layout(std430, set = 3, binding = 0) buffer HitBuffer { SurfaceRay ray; };

// Of a triangle's side, by which it is wider: no ray slips through between two.
const float kSeam = 1e-3;

struct Corner {
  vec3 world;
  float rim;
};

Corner corner_at(ivec2 cell) {
  Relief r = relief_at(cell);
  return Corner(drawn_vertex(cell, r.y), r.rim);
}

void meet(Corner i, Corner j, Corner k) {
  vec3 u = j.world - i.world, v = k.world - i.world;
  // Moeller and Trumbore 1997.
  vec3 across = cross(ray.along.xyz, v);
  float seen = dot(u, across);
  if (abs(seen) < 1e-12) return;  // from its edge
  vec3 from = ray.origin.xyz - i.world;
  float share_j = dot(from, across) / seen;
  vec3 around = cross(from, u);
  float share_k = dot(ray.along.xyz, around) / seen;
  float share_i = 1.0 - share_j - share_k;
  if (min(share_i, min(share_j, share_k)) < -kSeam) return;
  if (share_i * i.rim + share_j * j.rim + share_k * k.rim < 0.0) return;
  float distance = dot(v, around) / seen;
  vec4 clip = view.view_projection * vec4(ray.origin.xyz + distance * ray.along.xyz, 1.0);
  if (distance > 0.0 && clip.z >= 0.0) atomicMin(ray.distance_bits, floatBitsToUint(distance));
}

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, ivec2(params.drawn - 1u)))) return;
  Corner corner = corner_at(cell), opposite = corner_at(cell + 1);
  meet(corner, corner_at(cell + ivec2(1, 0)), opposite);
  meet(corner, opposite, corner_at(cell + ivec2(0, 1)));
}
