// The relief as a field that can be asked anywhere. Needs relief.glsl and surface.glsl.

// NaN outside the grid: comparisons with it are false, so unknown cells hide nothing.
float y_at(ivec2 cell) {
  int drawn = int(params.drawn);
  if (any(lessThan(cell, ivec2(0))) || any(greaterThanEqual(cell, ivec2(drawn)))) return uintBitsToFloat(0x7fc00000u);
  return texelFetch(relief_heights, cell, 0).r;
}

vec2 world_to_grid(vec2 xz) { return vec2(xz.x + 1.0, 1.0 - xz.y) / relief_pitch(); }
vec2 grid_to_world(vec2 cell) { return vec2(cell.x * relief_pitch() - 1.0, 1.0 - cell.y * relief_pitch()); }

// Between the four cells about a place inside the grid; not finite where one of them is not.
float y_inside(vec2 at) {
  vec2 low = clamp(floor(at), vec2(0.0), vec2(float(params.drawn - 2u)));
  vec2 f = at - low;
  // Asked for in the middle of the four, where no rounding makes it another four.
  vec4 y = textureGather(relief_heights, (low + 1.0) / vec2(textureSize(relief_heights, 0)));
  return mix(mix(y.w, y.z, f.x), mix(y.x, y.y, f.x), f.y);
}

// The same anywhere: no number outside the grid.
float y_between(vec2 at) {
  bool inside = all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(float(params.drawn - 1u))));
  return inside ? y_inside(at) : uintBitsToFloat(0x7fc00000u);
}

const float kShadowSharpness = 5.0;
const int kShadowSteps = 24;
const float kShadowReach = 1.3;  // world units

// Share of the key light that passes all hills on its way to a point, with a penumbra that widens with
// distance.
float key_light_at(vec3 from) {
  vec3 toward = view.light.xyz;
  vec2 start = world_to_grid(from.xz);
  vec2 per_unit = vec2(toward.x, -toward.z) / relief_pitch();
  // No farther than the grid's edge, and to just there: a wall's top often is the edge.
  vec2 edge = mix(vec2(0.0), vec2(float(params.drawn - 1u)), greaterThan(per_unit, vec2(0.0)));
  vec2 way = (edge - start) / mix(per_unit, vec2(1e-6), lessThan(abs(per_unit), vec2(1e-6)));
  // Nor any farther than where the ray is above all that could take a part of the light: there `clear` is 1 at least.
  float above = (view.surface.w - from.y) / max(toward.y - 0.5 / kShadowSharpness, 0.05);
  float reach = clamp(min(0.999 * min(way.x, way.y), above), 1e-4, kShadowReach);
  float arrives = 1.0;
  // As many steps as its way needs: each is 1.5 powers of its share of the longest.
  int steps = int(ceil(float(kShadowSteps) * pow(reach / kShadowReach, 2.0 / 3.0)));
  for (int i = 1; i <= steps; ++i) {
    float share = float(i) / float(kShadowSteps);
    float t = min(kShadowReach * share * sqrt(share), reach);
    float clear = 0.5 + kShadowSharpness * (from.y + toward.y * t - y_inside(start + per_unit * t)) / t;
    if (clear < arrives) arrives = clear;
  }
  return smoothstep(0.0, 1.0, clamp(arrives, 0.0, 1.0));
}

const int kRings = 4;
const float kNearestRing = 0.035;  // world units
const float kRingGrowth = 2.1;

// Share of the sky that a point sees: eight directions, the mean of what the horizon leaves of each.
float sky_at(vec3 from) {
  const vec2 kDirections[8] = vec2[](vec2(1, 0), vec2(0.7071, 0.7071), vec2(0, 1), vec2(-0.7071, 0.7071),
                                     vec2(-1, 0), vec2(-0.7071, -0.7071), vec2(0, -1), vec2(0.7071, -0.7071));
  vec2 start = world_to_grid(from.xz) + 0.5;
  float hidden = 0.0;
  for (int d = 0; d < 8; ++d) {
    float horizon = 0.0;
    float reach = kNearestRing;
    for (int ring = 0; ring < kRings; ++ring) {
      float rise = (y_at(ivec2(floor(start + kDirections[d] * reach / relief_pitch()))) - from.y) / reach;
      if (rise > horizon) horizon = rise;
      reach *= kRingGrowth;
    }
    hidden += horizon * inversesqrt(1.0 + horizon * horizon);
  }
  return 1.0 - hidden / 8.0;
}
