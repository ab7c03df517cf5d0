#version 460
#extension GL_GOOGLE_include_directive : require
#include "trainer/seam/frame_header.h"

layout(location = 0) flat in vec4 ends;
layout(location = 1) flat in vec4 opposite;
layout(location = 2) flat in vec4 ink;
layout(location = 3) flat in vec4 halo;
layout(location = 4) flat in vec4 size;
layout(location = 0) out vec4 color;

const float kHalo = 1.6;  // pixels of outline, in which a mark stands out from what lies under it

float to_segment(vec2 at, vec2 from, vec2 to) {
  vec2 along = to - from;
  return length(at - from - along * clamp(dot(at - from, along) / max(dot(along, along), 1e-6), 0.0, 1.0));
}

// Outside of a polygon of three or four corners its distance, inside the distance below 0 (Quilez, "2D distance
// functions").
float to_corners(vec2 at, vec2 corners[4], int count) {
  float nearest = 1e9, sign = 1.0;
  for (int i = 0, j = count - 1; i < count; j = i, ++i) {
    nearest = min(nearest, to_segment(at, corners[j], corners[i]));
    vec2 e = corners[j] - corners[i], w = at - corners[i];
    bvec3 c = bvec3(at.y >= corners[i].y, at.y < corners[j].y, e.x * w.y > e.y * w.x);
    if (all(c) || all(not(c))) sign = -sign;
  }
  return sign * nearest;
}

// An arrow: a line, and a head that is no longer than it is.
float to_arrow(vec2 at) {
  vec2 along = ends.zw - ends.xy;
  float length_ = length(along);
  if (length_ < 0.5) return 1e9;  // there is none
  along /= length_;
  vec2 across = vec2(-along.y, along.x);
  float head = min(2.0 * size.y, length_);
  vec2 neck = ends.zw - along * head;
  vec2 corners[4] = vec2[](ends.zw, neck + across * head * 0.5, neck - across * head * 0.5, neck);
  float line = to_segment(at, ends.xy, neck) - min(size.x, 0.35 * head);
  return min(line, to_corners(at, corners, 3));
}

void main() {
  vec2 at = gl_FragCoord.xy;
  uint kind = uint(halo.w + 0.5);
  bool before = size.w > 0.5;
  float distance = 1e9, fill = 0.0;
  if (kind == kMarkArrow) {
    distance = to_arrow(at);
  } else if (kind == kMarkSquare) {
    vec2 corners[4] = vec2[](ends.xy, ends.zw, opposite.xy, opposite.zw);
    float inside = to_corners(at, corners, 4);
    distance = abs(inside) - size.z;
    fill = before ? 0.0 : 0.40 * clamp(0.5 - inside, 0.0, 1.0);
  } else {
    float out_of = length(at - ends.xy) - opposite.x;
    distance = abs(out_of + size.z) - size.z;
    fill = 0.40 * clamp(0.5 - out_of, 0.0, 1.0);
  }
  float own = clamp(0.5 - distance, 0.0, 1.0), around = clamp(0.5 + kHalo - distance, 0.0, 1.0);
  float shown = max(max(own, 0.75 * around) * ink.a, fill);
  if (shown <= 0.0) discard;
  // What is filled shows through; its edge and the outline do not mix with that.
  float edge = max(own, around) > 0.0 ? 1.0 : 0.0;
  vec3 line = mix(halo.rgb, ink.rgb, own);
  color = vec4(mix(ink.rgb, line, edge * clamp(around, 0.0, 1.0)), shown);
}
