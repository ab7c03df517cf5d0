#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_store.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

void main() {
  ivec2 at = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(at, ivec2(params.drawn)))) return;
  uvec2 source = drawn_cell(at);
  uint cell = source.y * params.side + source.x;
  uint state = params.is_test != 0u ? test_cells[cell] : cells[cell];
  float loss = params.is_test != 0u ? test_heights[cell] : heights[cell];
  bool is_evaluated = state == kCellEvaluated || state == kCellCorrected;
  bool known = (is_evaluated || state == kCellPredicted) && finite(loss);
  float evaluated = is_evaluated ? 1.0 : 0.0;
  float y = known ? loss_to_y(loss) : uintBitsToFloat(0x7fc00000u);
  float before = imageLoad(stored_heights, at).r;
  if (params.follow < 1.0 && known && finite(before)) {
    y = mix(before, y, params.follow);
    evaluated = mix(unpacked_relief(imageLoad(stored_cells, at)).evaluated, evaluated, params.follow);
  }
  imageStore(stored_heights, at, vec4(y));
  imageStore(stored_cells, at, packed_relief(Relief(y, vec2(0.0), 1.0, 1.0, evaluated, -1.0)));
}
