// What the landscape's compute passes hand to all who draw or ask the relief. A grid finer than the picture is
// drawn with every stride-th row and column, the last ones always among them. Images, because a software
// rasteriser fetches eight texels at a time, and elements of a storage buffer one by one.

// World height, NaN where nothing is drawn; x = column, y = row. Kept from frame to frame, because heights move
// toward what the slot says.
#include "shaders/shared/relief.h"

layout(set = 2, binding = 0) uniform sampler2D relief_heights;
// The same heights' bits and the rest of a Relief.
layout(set = 2, binding = 1) uniform usampler2D relief_cells;

struct Relief {
  float y;          // world height
  vec2 normal;      // x and z of the surface's unit normal, which points up
  float key;        // share of the key light that arrives
  float sky;        // share of the sky that the cell sees
  float evaluated;  // 1: the loss itself, 0: interpolated; between while it changes
  float rim;        // > 0 where something is drawn; falls through 0 on the way into a hole
};

const float kRimRange = 2.0;  // rims lie in [-1.28, 1]: relief_shape.comp

uvec4 packed_relief(Relief r) {
  return uvec4(floatBitsToUint(r.y), packSnorm2x16(r.normal), packUnorm2x16(vec2(r.key, r.sky)),
               packSnorm2x16(vec2(r.evaluated, r.rim / kRimRange)));
}

Relief unpacked_relief(uvec4 cell) {
  vec2 light = unpackUnorm2x16(cell.z), state = unpackSnorm2x16(cell.w);
  return Relief(uintBitsToFloat(cell.x), unpackSnorm2x16(cell.y), light.x, light.y, state.x, state.y * kRimRange);
}

Relief relief_at(ivec2 cell) { return unpacked_relief(texelFetch(relief_cells, cell, 0)); }

// From x and z; at a silhouette they may be interpolated beyond what a unit normal has.
vec3 upward(vec2 normal) {
  normal *= inversesqrt(max(dot(normal, normal), 1.0));
  return vec3(normal.x, sqrt(max(1.0 - dot(normal, normal), 0.0)), normal.y);
}

// Light on the floor: kFloorSide x kFloorSide over [-kFloorReach, kFloorReach] in x and z.
const float kFloorReach = 1.9;
layout(set = 2, binding = 2) uniform sampler2D floor_light;

layout(std140, set = 2, binding = 3) uniform ParamsBuffer { ReliefParams params; };

// Where the drawn cell lies in the slot's grid.
uvec2 drawn_cell(ivec2 cell) { return min(uvec2(cell) * params.stride, params.side - 1u); }

// What is no number lies on the floor, cut away by its rim.
float drawn_y(float y) { return isnan(y) ? 0.0 : y; }

// The world place of its vertex.
vec3 drawn_vertex(ivec2 cell, float y) {
  vec2 share = vec2(drawn_cell(cell)) / float(params.side - 1u) * 2.0 - 1.0;
  return vec3(share.x, drawn_y(y), -share.y);
}

// The cell of a vertex of the grid.
ivec2 vertex_cell(int vertex) { return ivec2(vertex % int(params.drawn), vertex / int(params.drawn)); }

float relief_pitch() { return 2.0 / float(params.drawn - 1u); }  // world units
