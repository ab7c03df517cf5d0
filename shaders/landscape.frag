#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "contour.glsl"

layout(location = 0) in vec3 world;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 light;
layout(location = 0) out vec4 color;

const vec3 kKeyColor = vec3(1.00, 0.95, 0.86) * 1.42;
const vec3 kFillColor = vec3(0.55, 0.70, 1.00) * 0.16;
const vec3 kSkyColor = vec3(0.74, 0.86, 1.00) * 0.42;
const vec3 kGroundColor = vec3(0.55, 0.48, 0.45) * 0.16;

void main() {
  vec3 to_eye = normalize(view.eye.xyz - world);
  vec3 n = normalize(normal);
  // The triangle's own side, not the normal's: at a silhouette the interpolated normal may lean the other way.
  if (!gl_FrontFacing) n = -n;

  vec3 albedo = height_color(world.y / view.surface.w);
  // What is only interpolated is a shade paler: the eye sees the evaluated part grow, without speckles.
  albedo = mix(mix(albedo, vec3(luminance(albedo)), 0.10) * 0.96, albedo, light.z);
  albedo *= 1.0 - contours(world.y) * view.theme.contour.a * mix(0.8, 1.0, light.z);
  // A hole has an edge that is drawn: what ends there ends on purpose.
  float from_rim = light.w / max(fwidth(light.w), 1e-6);
  albedo *= mix(0.35, 1.0, smoothstep(0.5, 2.0, from_rim / view.options.y));

  vec3 l = view.light.xyz;
  // A shadow is never black: what lies in it must still show its contour lines.
  float key = max(dot(n, l), 0.0) * mix(0.20, 1.0, light.x);
  float fill = max(dot(n, normalize(vec3(-l.x, 0.35, -l.z))), 0.0);
  float open = light.y * (0.4 + 0.6 * light.y);
  vec3 arriving = kKeyColor * key + kFillColor * fill * open + mix(kGroundColor, kSkyColor, n.y * 0.5 + 0.5) * open;
  // The underside gets no lamp: a dim, even light from the viewer tells it from the top.
  if (!gl_FrontFacing) arriving = kSkyColor * (0.30 + 0.45 * max(dot(n, to_eye), 0.0));
  float shine = max(dot(n, normalize(l + to_eye)), 0.0);
  shine *= shine, shine *= shine, shine *= shine, shine *= shine, shine *= shine;
  float sheen = shine * 0.10 * light.x * float(gl_FrontFacing);

  color = vec4(to_screen(albedo * arriving + sheen), 1.0);
}
