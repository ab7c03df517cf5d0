// What the landscape's compute passes hand to its vertex shader: one entry a drawn cell, row-major. A grid
// finer than the picture is drawn with every stride-th row and column, the last ones always among them.
// Other shaders than the computing ones define RELIEF_ACCESS readonly: a device may forbid writes there.
#ifndef RELIEF_ACCESS
#define RELIEF_ACCESS
#endif

// World height, NaN where nothing is drawn: one read instead of three wherever a neighbour is asked for.
// Kept from frame to frame, because heights move toward what the slot says.
layout(std430, set = 2, binding = 0) RELIEF_ACCESS buffer ReliefHeights { float relief_y[]; };

struct Relief {
  float slope_x, slope_z;  // of the surface, world units
  float key;               // share of the key light that arrives
  float sky;               // share of the sky that the cell sees
  float evaluated;         // 1: the loss itself, 0: interpolated; between while it changes
  float rim;               // > 0 where something is drawn; falls through 0 on the way into a hole
};
layout(std430, set = 2, binding = 1) RELIEF_ACCESS buffer ReliefCells { Relief relief[]; };

// Light on the floor: kFloorSide x kFloorSide over [-kFloorReach, kFloorReach] in x and z.
const int kFloorSide = 49;
const float kFloorReach = 1.9;
layout(std430, set = 2, binding = 2) RELIEF_ACCESS buffer ReliefFloor { float floor_light[]; };

layout(std140, set = 2, binding = 3) uniform ReliefParams {
  uint side;      // of the slot's grid
  uint drawn;     // cells a side that are drawn
  uint stride;
  uint is_test;   // 1: the test set's surface
  float follow;   // share of the way to the slot's heights that this frame goes; 1: all of it
} params;

// Where the drawn cell lies in the slot's grid.
uvec2 drawn_cell(uint i) { return min(uvec2(i % params.drawn, i / params.drawn) * params.stride, params.side - 1u); }

// The world place of its vertex; what is no number lies on the floor, cut away by its rim.
vec3 drawn_vertex(uint i) {
  float y = relief_y[i];
  vec2 share = vec2(drawn_cell(i)) / float(params.side - 1u) * 2.0 - 1.0;
  return vec3(share.x, isnan(y) ? 0.0 : y, -share.y);
}

float relief_pitch() { return 2.0 / float(params.drawn - 1u); }  // world units
