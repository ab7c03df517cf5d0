#version 460
#extension GL_GOOGLE_include_directive : require
// The shadow that a ball throws on the surface right under it: a small patch laid over the relief, one
// instance a ball. A loop over balls in the surface's own fragments would cost all of them.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_grid.glsl"

layout(location = 0) out vec2 on_patch;   // [-1, 1], the shadow's radius
layout(location = 1) flat out float strength;

const int kPatchSide = 14;
const float kLift = 0.008;  // toward the eye: the patch lies over the surface

void main() {
  vec4 contact = view.contacts[gl_InstanceIndex];
  on_patch = vec2(gl_VertexIndex % kPatchSide, gl_VertexIndex / kPatchSide) / float(kPatchSide - 1) * 2.0 - 1.0;
  // Tight and dark where the ball touches, wide and faint where it hangs high.
  float gap = abs(contact.z - y_between(world_to_grid(contact.xy)));
  gap = finite(gap) ? gap : 0.0;
  strength = contact.w / (1.0 + 5.0 * gap);
  vec2 xz = contact.xy + on_patch * min(0.085 + 0.27 * gap, 0.4);
  vec3 world = vec3(xz.x, y_between(world_to_grid(xz)), xz.y);
  if (!finite(world.y)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  gl_Position = view.view_projection * vec4(world + normalize(view.eye.xyz - world) * kLift, 1.0);
}
