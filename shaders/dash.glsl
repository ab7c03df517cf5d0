// Where a line with a pattern has ink.
#include "shaders/shared/dash.h"

// Pixels from `along`, so far along a line, to the nearest end of ink: above 0 on it. `unit`: of the pattern, pixels.
float inked(float along, uint pattern, float unit) {
  const float at = mod(along / unit, pattern == kDashed ? 13.0 : pattern == kDotted ? 6.0 : 18.0);
  const float dash = pattern == kDotted ? 2.5 : 8.5;
  float inside = min(at, dash - at);
  if (pattern == kDashDotted) inside = max(inside, min(at - 12.0, 14.5 - at));
  return inside * unit;
}
