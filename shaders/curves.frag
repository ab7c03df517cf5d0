#version 460
#extension GL_GOOGLE_include_directive : require
// Coverage from the distance to the segment: a line of even width with round joints. A band fades to its edges.
#include "curves.glsl"
#include "dash.glsl"

layout(location = 0) in vec2 in_pixel;
layout(location = 1) flat in vec4 in_ends;
layout(location = 2) in float in_across;  // of a band: -1 at its lower edge, 1 at its upper one
layout(location = 0) out vec4 out_color;

void main() {
  if (push.mode == kBand) {
    out_color = vec4(push.color.rgb, push.color.a * (1.0 - smoothstep(0.6, 1.0, abs(in_across))));
    return;
  }
  if (push.dashes > 0u && uint(max(in_pixel.x - push.plot.x, 0.0) / push.pitch) % push.dashes != push.dash) discard;
  const vec2 along = in_ends.zw - in_ends.xy;
  const vec2 from = in_pixel - in_ends.xy;
  const float t = clamp(dot(from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
  float coverage = clamp(0.5 * push.width + 0.5 - length(from - t * along), 0.0, 1.0);
  // Along a line that goes up as along one that goes down: there its pattern goes on from one segment to the next.
  if (push.pattern != kSolid)
    coverage *= clamp(0.5 + inked(in_pixel.x + (along.y < 0.0 ? -in_pixel.y : in_pixel.y), push.pattern, push.unit), 0.0, 1.0);
  if (push.series >= kEarlierLoss && push.series <= kEarlierTestAccuracy && push.mode != kSample) {
    const vec2 low = push.plot.xy - 1.0, high = push.plot.xy + push.plot.zw + vec2(1.0, push.below + 1.0);
    if (any(lessThan(in_pixel, low)) || any(greaterThan(in_pixel, high))) discard;
  }
  if (coverage <= 0.0) discard;
  out_color = vec4(push.color.rgb, push.color.a * coverage);
}
