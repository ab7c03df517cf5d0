#version 460
#extension GL_GOOGLE_include_directive : require
// Normals, soft shadows and ambient occlusion of the height field, once a cell. They are what makes a
// relief readable from the last row, and too dear for a vertex shader that may run several times a vertex.
#include "frame.glsl"
#include "common.glsl"
#include "relief.glsl"

layout(local_size_x = 8, local_size_y = 8) in;

const float kShadowSharpness = 6.0;
const int kShadowSteps = 16;
const float kShadowReach = 1.2;  // world units
const int kRings = 4;
const float kNearestRing = 0.035;  // world units
const float kRingGrowth = 2.1;

int side;
float pitch;

// NaN outside the grid: comparisons with it are false, so unknown cells hide nothing.
float y_at(ivec2 cell) {
  if (any(lessThan(cell, ivec2(0))) || any(greaterThanEqual(cell, ivec2(side)))) return uintBitsToFloat(0x7fc00000u);
  return relief_y[cell.y * side + cell.x];
}

// Per world unit along a grid axis: central, one-sided at an edge or a hole, flat where both fail.
float slope(ivec2 cell, ivec2 along, float y) {
  float before = y_at(cell - along), after = y_at(cell + along);
  float rise = 0.0, run = 0.0;
  if (!isnan(after)) {
    rise += after - y;
    run += pitch;
  }
  if (!isnan(before)) {
    rise += y - before;
    run += pitch;
  }
  return run > 0.0 ? rise / run : 0.0;
}

// Eight directions, the mean of what the horizon leaves of each.
float sky(ivec2 cell, float y) {
  const vec2 kDirections[8] = vec2[](vec2(1, 0), vec2(0.7071, 0.7071), vec2(0, 1), vec2(-0.7071, 0.7071),
                                     vec2(-1, 0), vec2(-0.7071, -0.7071), vec2(0, -1), vec2(0.7071, -0.7071));
  float hidden = 0.0;
  for (int d = 0; d < 8; ++d) {
    float horizon = 0.0;
    float reach = kNearestRing;
    for (int ring = 0; ring < kRings; ++ring) {
      ivec2 step_cells = ivec2(round(kDirections[d] * reach / pitch));
      float rise = (y_at(cell + step_cells) - y) / reach;
      if (rise > horizon) horizon = rise;
      reach *= kRingGrowth;
    }
    hidden += horizon * inversesqrt(1.0 + horizon * horizon);
  }
  return 1.0 - hidden / 8.0;
}

// Share of the key light that passes all hills on its way, with a penumbra that widens with distance.
float key(ivec2 cell, float y) {
  vec3 toward = view.light.xyz;
  vec2 per_unit = vec2(toward.x, -toward.z) / pitch;
  float arrives = 1.0;
  for (int i = 1; i <= kShadowSteps; ++i) {
    float share = float(i) / float(kShadowSteps);
    float t = kShadowReach * share * sqrt(share);
    vec2 at = vec2(cell) + per_unit * t;
    ivec2 low = ivec2(floor(at));
    vec2 f = at - vec2(low);
    float ground = mix(mix(y_at(low), y_at(low + ivec2(1, 0)), f.x), mix(y_at(low + ivec2(0, 1)), y_at(low + 1), f.x), f.y);
    float clear = 0.5 + kShadowSharpness * (y + toward.y * t - ground) / t;
    if (clear < arrives) arrives = clear;
  }
  return smoothstep(0.0, 1.0, clamp(arrives, 0.0, 1.0));
}

void main() {
  side = int(header.grid_side);
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, ivec2(side)))) return;
  pitch = 2.0 / float(side - 1);
  int i = cell.y * side + cell.x;
  float y = relief_y[i];
  if (isnan(y)) {
    relief[i] = Relief(0.0, 0.0, 1.0, 1.0);
    return;
  }
  relief[i] = Relief(slope(cell, ivec2(1, 0), y), -slope(cell, ivec2(0, 1), y), key(cell, y), sky(cell, y));
}
