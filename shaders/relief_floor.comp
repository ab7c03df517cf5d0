#version 460
#extension GL_GOOGLE_include_directive : require
// The landscape's shadow on the floor: a coarse grid of its own, because it is soft.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_store.glsl"
#include "relief_grid.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

// Of the light that comes from above, the share that the surface does not take: rays in a cone, cut with the
// sheet where it hangs. What hangs high blurs, what lies near stays sharp.
const int kTurns = 12;
const int kTilts = 3;

// Height of the sheet's nearest cell; no number where nothing of the sheet is drawn there, as between cells whose
// neighbours are not known yet (rim()).
float sheet_at(vec2 xz) {
  vec2 at = world_to_grid(xz);
  float y = y_at(ivec2(floor(at + 0.5)));
  vec2 low = clamp(floor(at), vec2(0.0), vec2(float(params.drawn - 2u)));
  uvec4 states = textureGather(relief_cells, (low + 1.0) / vec2(textureSize(relief_cells, 0)), 3);
  bool drawn = false;
  for (int i = 0; i < 4; ++i) drawn = drawn || unpackSnorm2x16(states[i]).y > 0.0;
  return drawn ? y : uintBitsToFloat(0x7fc00000u);
}

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, ivec2(kFloorSide)))) return;
  vec2 xz = (vec2(cell) / float(kFloorSide - 1u) * 2.0 - 1.0) * kFloorReach;
  vec2 lean = 0.45 * view.light.xz;  // toward the key light, as a shadow falls
  float above = sheet_at(xz);
  float over = isnan(above) ? 0.35 : above - kFloorY;
  float taken = 0.0;
  for (int tilt = 0; tilt < kTilts; ++tilt)
    for (int turn = 0; turn < kTurns; ++turn) {
      float angle = (float(turn) + 0.33 * float(tilt)) * (6.2831853 / float(kTurns));
      vec2 along = lean + (0.30 + 0.38 * float(tilt)) * vec2(cos(angle), sin(angle));  // per unit of height
      // Where the ray meets the sheet: its height there is not known before, so in three guesses.
      float rise = over;
      for (int guess = 0; guess < 3; ++guess) {
        float y = sheet_at(xz + along * rise);
        rise = isnan(y) ? rise : y - kFloorY;
      }
      taken += isnan(sheet_at(xz + along * rise)) ? 0.0 : 1.0;
    }
  imageStore(stored_floor_light, cell, vec4(1.0 - taken / float(kTurns * kTilts)));
}
