#version 460
#extension GL_GOOGLE_include_directive : require
// Where each point of a descent stands on the picture and what colour it has: once a point, instead of once for
// each corner of each capsule of each of the path's three layers.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "path.glsl"
#include "path_lift.glsl"

layout(local_size_x = 64) in;
layout(std430, set = 2, binding = 0) writeonly buffer PlacedBuffer { PlacedPoint placed[]; };

// The longest step among sixteen points spread over the path.
float longest_step() {
  float longest = 1e-20;
  for (uint i = 1u; i <= 16u; ++i) {
    float length_here = path[push.first + (push.count - 1u) * i / 16u].step_length;
    if (finite(length_here)) longest = max(longest, length_here);
  }
  return longest;
}

// How fast the descent was here, in [0, 1], against its fastest: steps shrink by orders of magnitude, so on a
// logarithm of two decades.
float speed(PathPoint p) {
  if (!finite(p.step_length)) return 1.0;
  return clamp(1.0 + log(max(p.step_length, 1e-20) / longest_step()) / 4.6, 0.0, 1.0);
}

vec4 color_of(PathPoint p) {
  float fast = speed(p);
  vec3 color = mix(view.theme.path.rgb, view.theme.path_hot.rgb, fast * fast);
  if (push.several != 0u) color = mix(view.theme.paths[push.color].rgb, view.theme.path_hot.rgb, 0.35 * fast * fast);
  return vec4(color, mix(1.0, 0.30, finite(p.off_plane) ? clamp(p.off_plane, 0.0, 1.0) : 1.0));
}

bool is_shown(PathPoint p, vec4 clip) { return drawable(p) && clip.w >= 0.01; }

vec2 pixel_of(vec4 clip) { return view.viewport.xy + (clip.xy / clip.w * 0.5 + 0.5) * view.viewport.zw; }

// Pixels of the path before point i. A path with a pattern has few points.
float along_to(uint i) {
  float sum = 0.0;
  vec2 before = vec2(0.0);
  bool known = false;
  for (uint j = 0u; j <= i; ++j) {
    PathPoint p = path[push.first + j];
    vec4 clip = view.view_projection * vec4(path_point_world(p), 1.0);
    if (!is_shown(p, clip)) continue;
    vec2 here = pixel_of(clip);
    if (known) sum += distance(before, here);
    before = here;
    known = true;
  }
  return sum;
}

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= push.count) return;
  PathPoint p = path[push.first + i];
  vec3 world = path_point_world(p);
  vec4 clip = view.view_projection * vec4(world, 1.0);
  vec3 toward = normalize(view.eye.xyz - world);
  vec4 nearer = view.view_projection * vec4(world + toward * path_lift(push.radius, clip.w), 1.0);
  vec2 pixel = pixel_of(clip);
  placed[push.first + i] =
      PlacedPoint(pixel.x, pixel.y, nearer.z / nearer.w, is_shown(p, clip) ? clip.w : 0.0, packUnorm4x8(color_of(p)),
                  push.pattern != kSolid ? along_to(i) : 0.0);
}
