#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "relief.glsl"

layout(local_size_x = 64) in;

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= header.grid_side * header.grid_side) return;
  bool known = cells[i] == kEvaluated || cells[i] == kInterpolated;
  float loss = heights[i];
  known = known && !isnan(loss) && !isinf(loss);
  relief_y[i] = known ? loss_to_y(loss) : uintBitsToFloat(0x7fc00000u);
}
