#version 460
#extension GL_GOOGLE_include_directive : require
// A trainability map: a colour for each pair of learning rates (RateMap::write_shades).
#include "common.glsl"
#include "frame.glsl"
#include "rates.glsl"

layout(location = 0) in vec2 in_share;
layout(location = 0) out vec4 out_color;

vec3 ramp(vec3 first, vec3 middle, vec3 last, float t) {
  return t < 0.5 ? mix(first, middle, 2.0 * t) : mix(middle, last, 2.0 * t - 1.0);
}

vec3 color_at(ivec2 at) {
  const ivec2 cell = clamp(at, ivec2(0), ivec2(push.side - 1u));
  const float shade = rate_map[cell.y * int(push.side) + cell.x];
  if (shade > 1.5) return view.theme.panel.rgb;  // nothing is known
  return shade < 0.0 ? ramp(kTrainedFirst.rgb, kTrainedMiddle.rgb, kTrainedLast.rgb, shade + 1.0)
                     : ramp(kLostFirst.rgb, kLostMiddle.rgb, kLostLast.rgb, shade);
}

void main() {
  const vec2 at = in_share * float(push.side);
  vec3 color = vec3(0.0);
  if (push.taps > 1u) {
    const float step = 1.0 / float(push.taps);
    const vec2 pixel = float(push.side) / push.plot.zw;
    for (uint y = 0u; y < push.taps; ++y)
      for (uint x = 0u; x < push.taps; ++x)
        color += color_at(ivec2(floor(at + pixel * ((vec2(x, y) + 0.5) * step - 0.5))));
    color *= step * step;
  } else {
    // Sharp pixels, whose edges are one pixel of the picture wide.
    const vec2 from = at - 0.5;
    const ivec2 cell = ivec2(floor(from));
    const vec2 part = clamp((from - vec2(cell) - 0.5) * push.edge + 0.5, 0.0, 1.0);
    color = mix(mix(color_at(cell), color_at(cell + ivec2(1, 0)), part.x),
                mix(color_at(cell + ivec2(0, 1)), color_at(cell + ivec2(1, 1)), part.x), part.y);
  }
  out_color = vec4(color, 1.0);
}
