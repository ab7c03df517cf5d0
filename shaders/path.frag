#version 460
#extension GL_GOOGLE_include_directive : require
#include "dash.glsl"
layout(location = 0) flat in vec4 ends;
layout(location = 1) flat in vec4 start_color;
layout(location = 2) flat in vec4 end_color;
layout(location = 3) flat in vec4 beyond;
layout(location = 4) flat in vec4 ink;
layout(location = 5) flat in vec4 shape;
layout(location = 6) flat in vec4 dash;
layout(location = 0) out vec4 color;

// To the nearest point of a segment: at an end that two of them share, the same to the bit for both.
float to_segment(vec2 from, vec2 to) {
  vec2 along = to - from;
  float t = dot(gl_FragCoord.xy - from, along) / max(dot(along, along), 1e-6);
  return length(gl_FragCoord.xy - (t <= 0.0 ? from : t >= 1.0 ? to : from + along * t));
}

void main() {
  vec2 along = ends.zw - ends.xy;
  vec2 here = gl_FragCoord.xy - ends.xy;
  float t = clamp(dot(here, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
  float distance = to_segment(ends.xy, ends.zw);
  float radius = shape.x, halo = shape.y;
  bool hidden = shape.z > 0.5, blended = shape.w > 0.5;
  float coverage = clamp(radius + halo + 0.5 - distance, 0.0, 1.0);
  uint pattern = uint(dash.z);
  if (pattern != kSolid)
    coverage *= clamp(0.5 + halo + inked(mix(dash.x, dash.y, t), pattern, dash.w), 0.0, 1.0);
  if (coverage <= 0.0) discard;
  // Of equally near ones the first.
  if (blended && (to_segment(beyond.xy, ends.xy) <= distance || to_segment(ends.zw, beyond.zw) < distance))
    discard;
  vec4 own = mix(start_color, end_color, t);
  if (halo > 0.0) {
    // The core over it is opaque unless it fades: then the surface is to be seen through it, and no outline.
    float core = clamp(radius + 0.5 - distance, 0.0, 1.0);
    if (blended) coverage -= clamp(4.0 * (1.0 - own.a), 0.0, 1.0) * core;
    color = vec4(ink.rgb, coverage * own.a * 0.75);
    return;
  }
  // Round like a tube: lit along its spine. Measured from the endless line, not from the segment, so that
  // a cap goes on in its neighbour's shade and a dense path shows no beads.
  vec2 spine = dot(along, along) > 1e-6 ? normalize(along) : vec2(1, 0);
  float rim = clamp(abs(here.x * spine.y - here.y * spine.x) / radius, 0.0, 1.0);
  // 0.55 of the light at the rim: in sRGB (1 - 0.45 r^2) to the power of 1 / 2.4, as two terms in r^2, about sRGB's
  // own zero of -0.055.
  float r2 = rim * rim;
  vec3 lit = max((own.rgb + 0.055) * (1.0 - r2 * (0.1875 + 0.033 * r2)) - 0.055, 0.0);
  color = vec4(lit, coverage * own.a);
  if (hidden) color = vec4(mix(own.rgb, ink.rgb, 0.25), coverage * own.a * 0.5);
}
