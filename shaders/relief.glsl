// What the landscape's compute passes hand to its vertex shader. One entry a cell, row-major as the slot.
// The vertex shader defines RELIEF_ACCESS readonly: a device may forbid writes there.
#ifndef RELIEF_ACCESS
#define RELIEF_ACCESS
#endif

// World height, NaN where nothing is drawn: one read instead of three wherever a neighbour is asked for.
layout(std430, set = 2, binding = 0) RELIEF_ACCESS buffer ReliefHeights { float relief_y[]; };

struct Relief {
  float slope_x, slope_z;  // of the surface, world units
  float key;               // share of the key light that arrives
  float sky;               // share of the sky that the cell sees
};
layout(std430, set = 2, binding = 1) RELIEF_ACCESS buffer ReliefCells { Relief relief[]; };
