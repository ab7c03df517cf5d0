#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "path.glsl"
#include "path_lift.glsl"

layout(location = 0) flat out vec4 ends;   // pixels
layout(location = 1) flat out vec4 start_color;
layout(location = 2) flat out vec4 end_color;
layout(location = 3) flat out vec4 beyond;  // pixels: where the capsule before begins, where the next one ends

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
float speed(PathPoint p, float fastest) {
  if (!finite(p.step_length)) return 1.0;
  return clamp(1.0 + log(max(p.step_length, 1e-20) / fastest) / 4.6, 0.0, 1.0);
}

vec4 color_of(PathPoint p, float fastest) {
  float fast = speed(p, fastest);
  vec3 color = mix(view.theme.path.rgb, view.theme.path_hot.rgb, fast * fast);
  if (push.several != 0u) color = mix(view.theme.paths[push.color].rgb, view.theme.path_hot.rgb, 0.35 * fast * fast);
  return vec4(color, mix(1.0, 0.30, finite(p.off_plane) ? clamp(p.off_plane, 0.0, 1.0) : 1.0));
}

vec4 lifted_clip(vec3 world) {
  vec4 clip = view.view_projection * vec4(world, 1.0);
  vec3 toward = normalize(view.eye.xyz - world);
  vec4 nearer = view.view_projection * vec4(world + toward * path_lift(push.radius, clip.w), 1.0);
  clip.z = nearer.z / nearer.w * clip.w;
  return clip;
}

vec2 to_pixels(vec4 clip) { return view.viewport.xy + (clip.xy / clip.w * 0.5 + 0.5) * view.viewport.zw; }

// The pixel of a point next to this capsule; far away where there is none, or no capsule up to it is drawn.
vec2 neighbour(uint at) {
  const vec2 none = vec2(1e6);
  if (push.blended == 0u || at < push.first || at >= push.first + push.count) return none;
  PathPoint p = path[at];
  vec4 clip = lifted_clip(path_point_world(p));
  return drawable(p) && clip.w >= 0.01 ? to_pixels(clip) : none;
}

void main() {
  uint segment = push.first + gl_InstanceIndex;
  PathPoint p = path[segment], q = path[segment + 1u];
  vec3 from = path_point_world(p), to = path_point_world(q);
  vec4 clip_from = lifted_clip(from), clip_to = lifted_clip(to);
  // An outline has a colour of its own, and only fades as the path does.
  float fastest = push.halo > 0.0 ? 1.0 : longest_step();
  start_color = color_of(p, fastest);
  end_color = color_of(q, fastest);
  ends = vec4(to_pixels(clip_from), to_pixels(clip_to));
  beyond = vec4(neighbour(segment - 1u), neighbour(segment + 2u));
  if (!drawable(p) || !drawable(q) || clip_from.w < 0.01 || clip_to.w < 0.01) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);  // outside: nothing is drawn
    return;
  }
  vec2 along = ends.zw - ends.xy;
  along = dot(along, along) > 1e-8 ? normalize(along) : vec2(1, 0);
  vec2 across = vec2(-along.y, along.x);
  bool at_end = (gl_VertexIndex & 1) == 1;  // a strip of four
  float side = gl_VertexIndex >= 2 ? 1.0 : -1.0;
  float reach = push.radius + push.halo + 1.0;
  vec2 pixel = (at_end ? ends.zw : ends.xy) + (along * (at_end ? 1.0 : -1.0) + across * side) * reach;
  vec4 clip = at_end ? clip_to : clip_from;
  gl_Position = vec4(((pixel - view.viewport.xy) / view.viewport.zw * 2.0 - 1.0) * clip.w, clip.zw);
}
