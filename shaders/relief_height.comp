#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"

layout(local_size_x = 64) in;

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= params.drawn * params.drawn) return;
  uvec2 at = drawn_cell(i);
  uint cell = at.y * params.side + at.x;
  uint state = params.is_test != 0u ? test_cells[cell] : cells[cell];
  float loss = params.is_test != 0u ? test_heights[cell] : heights[cell];
  bool known = (state == kEvaluated || state == kInterpolated) && finite(loss);
  float evaluated = state == kEvaluated ? 1.0 : 0.0;
  float before = relief_y[i];
  if (params.follow < 1.0 && known && finite(before)) {
    relief_y[i] = mix(before, loss_to_y(loss), params.follow);
    relief[i].evaluated = mix(relief[i].evaluated, evaluated, params.follow);
  } else {
    relief_y[i] = known ? loss_to_y(loss) : uintBitsToFloat(0x7fc00000u);
    relief[i].evaluated = evaluated;
  }
}
