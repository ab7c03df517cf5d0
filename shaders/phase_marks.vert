#version 460
#extension GL_GOOGLE_include_directive : require
// The marks of a step's phase, one instance each: a rectangle on the picture that holds it.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "shaders/shared/phase_marks.h"

layout(push_constant) uniform PushBlock { PhasePush push; };

layout(location = 0) flat out vec4 ends;      // pixels: an arrow's; the first two corners of a square; a ghost's centre
layout(location = 1) flat out vec4 opposite;  // the other two corners; a ghost's radius
layout(location = 2) flat out vec4 ink;
layout(location = 3) flat out vec4 halo;  // rgb, and the kind
layout(location = 4) flat out vec4 size;  // PhasePush: arrow, head, edge; 1: as it was before

bool seen;

vec2 pixel_at(float a, float b, float loss) {
  PathPoint p;
  p.a = a;
  p.b = b;
  p.real_loss = loss;
  vec3 world = path_point_world(p);
  world.y += push.lift;
  vec4 clip = view.view_projection * vec4(world, 1.0);
  seen = seen && clip.w >= 0.01 && finite(clip.x) && finite(clip.y);
  return view.viewport.xy + (clip.xy / clip.w * 0.5 + 0.5) * view.viewport.zw;
}

vec4 color_of(uint role) {
  if (role == kRoleMomentum) return view.theme.train;
  if (role == kRoleSquares) return view.theme.paths[6];  // of no map of losses
  if (role == kRoleDecay) return view.theme.warning;
  if (role >= kRoleOfPath) return view.theme.paths[min(role - kRoleOfPath, kFrameMaxPaths - 1u)];
  return view.theme.text;
}

void main() {
  PhaseMark mark = phase_marks[gl_InstanceIndex];
  seen = true;
  ink = vec4(color_of(mark.role).rgb, mark.before != 0u ? 0.45 : 1.0);
  halo = vec4(view.theme.background_bottom.rgb, float(mark.kind));
  size = vec4(push.arrow, push.head, push.edge, float(mark.before));
  opposite = vec4(0.0);
  vec2 low, high;
  float reach = push.head + 3.0;
  if (mark.kind == kMarkSquare) {
    ends = vec4(pixel_at(mark.from_a, mark.from_b, mark.loss), pixel_at(mark.to_a, mark.from_b, mark.loss));
    opposite = vec4(pixel_at(mark.to_a, mark.to_b, mark.loss), pixel_at(mark.from_a, mark.to_b, mark.loss));
    low = min(min(ends.xy, ends.zw), min(opposite.xy, opposite.zw));
    high = max(max(ends.xy, ends.zw), max(opposite.xy, opposite.zw));
  } else {
    vec2 tip = pixel_at(mark.to_a, mark.to_b, mark.loss);
    ends = mark.kind == kMarkGhost ? vec4(tip, tip) : vec4(pixel_at(mark.from_a, mark.from_b, mark.loss), tip);
    low = min(ends.xy, ends.zw);
    high = max(ends.xy, ends.zw);
    if (mark.kind == kMarkGhost) {
      PathPoint p;
      p.a = mark.to_a;
      p.b = mark.to_b;
      p.real_loss = mark.loss;
      float depth = (view.view_projection * vec4(path_point_world(p) + vec3(0.0, push.lift, 0.0), 1.0)).w;
      opposite.x = push.ghost * view.options.z / max(depth, 0.01);
      reach = opposite.x + 3.0;
    }
  }
  // Far outside of the picture nothing needs to be exact.
  low = clamp(low - reach, vec2(-1e5), vec2(1e5));
  high = clamp(high + reach, vec2(-1e5), vec2(1e5));
  vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);  // a strip of four
  vec2 pixel = mix(low, high, corner);
  gl_Position = seen ? vec4((pixel - view.viewport.xy) / view.viewport.zw * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
