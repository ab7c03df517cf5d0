#version 460
#extension GL_GOOGLE_include_directive : require
// Where a ray meets the surface first: the very triangles that landscape.vert makes, cut at the rims of holes
// and at the near plane as the rasteriser cuts them. Two triangles a thread.
#include "common.glsl"
#define RELIEF_ACCESS readonly
#include "relief.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

layout(std430, set = 3, binding = 0) buffer HitBuffer {
  vec4 origin, along;  // along: unit length
  uint distance_bits;  // of the nearest hit; the host puts the largest number there: of floats above 0, the
                       // order is that of their bits
} ray;

// Of a triangle's side, by which it is wider: no ray slips through between two.
const float kSeam = 1e-3;

void meet(uint i, uint j, uint k) {
  vec3 corner = drawn_vertex(i);
  vec3 u = drawn_vertex(j) - corner, v = drawn_vertex(k) - corner;
  // Moeller and Trumbore 1997.
  vec3 across = cross(ray.along.xyz, v);
  float seen = dot(u, across);
  if (abs(seen) < 1e-12) return;  // from its edge
  vec3 from = ray.origin.xyz - corner;
  float share_j = dot(from, across) / seen;
  vec3 around = cross(from, u);
  float share_k = dot(ray.along.xyz, around) / seen;
  float share_i = 1.0 - share_j - share_k;
  if (min(share_i, min(share_j, share_k)) < -kSeam) return;
  if (share_i * relief[i].rim + share_j * relief[j].rim + share_k * relief[k].rim < 0.0) return;
  float distance = dot(v, around) / seen;
  vec4 clip = view.view_projection * vec4(ray.origin.xyz + distance * ray.along.xyz, 1.0);
  if (distance > 0.0 && clip.z >= 0.0) atomicMin(ray.distance_bits, floatBitsToUint(distance));
}

void main() {
  uvec2 cell = gl_GlobalInvocationID.xy;
  if (any(greaterThanEqual(cell, uvec2(params.drawn - 1u)))) return;
  uint corner = cell.y * params.drawn + cell.x;
  meet(corner, corner + 1u, corner + params.drawn + 1u);
  meet(corner, corner + params.drawn + 1u, corner + params.drawn);
}
