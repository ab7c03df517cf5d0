#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"

layout(location = 0) in vec3 world;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec3 light;
layout(location = 3) flat in float quad_known;
layout(location = 0) out vec4 color;

const vec3 kKeyColor = vec3(1.00, 0.95, 0.86) * 1.40;
const vec3 kFillColor = vec3(0.55, 0.70, 1.00) * 0.16;
const vec3 kSkyColor = vec3(0.74, 0.86, 1.00) * 0.40;
const vec3 kGroundColor = vec3(0.55, 0.48, 0.45) * 0.16;

// Darkness of contour lines at `level` (a line at every whole number), anti-aliased: `width` in pixels.
float contour(float level, float width) {
  float per_pixel = max(fwidth(level), 1e-6);
  float distance = abs(fract(level + 0.5) - 0.5) / per_pixel;
  // Where lines come closer than a few pixels they would merge into a stain: fade them out.
  return clamp(width * 0.5 + 0.5 - distance, 0.0, 1.0) * (1.0 - smoothstep(0.12, 0.30, per_pixel));
}

// What a ball leaves of the light: tight and dark where it touches, wide and faint where it hangs high.
float contact_shadow(PathPoint p) {
  if (!drawable(p)) return 1.0;
  float gap = abs(path_point_world(p).y - world.y);
  float radius = 0.045 + 0.16 * gap;
  float d = length(world.xz - plane_to_world(p.a, p.b)) / radius;
  return 1.0 - 0.62 / (1.0 + 5.0 * gap) * exp(-d * d);
}

void main() {
  float t = world.y / view.surface.w;
  float level = (view.surface.x + t * (view.surface.y - view.surface.x)) / view.surface.z;
  float scale = view.options.y;
  float lines = max(contour(level, 1.0 * scale) * 0.5, contour(level / 5.0, 1.7 * scale));
  if (quad_known < 0.5) discard;

  vec3 to_eye = normalize(view.eye.xyz - world);
  vec3 n = normalize(normal);
  // The triangle's own side, not the normal's: at a silhouette the interpolated normal may lean the other way.
  if (!gl_FrontFacing) n = -n;

  vec3 albedo = height_color(t);
  // What is only interpolated is a shade paler: the eye sees the evaluated part grow, without speckles.
  albedo = mix(mix(albedo, vec3(luminance(albedo)), 0.10) * 0.96, albedo, light.z);
  albedo *= 1.0 - lines * view.theme.contour.a * mix(0.8, 1.0, light.z);

  vec3 l = view.light.xyz;
  // A shadow is never black: what lies in it must still show its contour lines.
  float key = max(dot(n, l), 0.0) * mix(0.22, 1.0, light.x);
  float fill = max(dot(n, normalize(vec3(-l.x, 0.35, -l.z))), 0.0);
  vec3 ambient = mix(kGroundColor, kSkyColor, n.y * 0.5 + 0.5) * light.y;
  vec3 arriving = kKeyColor * key + kFillColor * fill * light.y + ambient;
  // The underside gets no lamp: a dim, even light from the viewer tells it from the top.
  if (!gl_FrontFacing) arriving = kSkyColor * (0.30 + 0.45 * max(dot(n, to_eye), 0.0));
  float sheen = pow(max(dot(n, normalize(l + to_eye)), 0.0), 36.0) * 0.07 * light.x * float(gl_FrontFacing);

  if (header.several_paths > 0u) {
    for (uint i = 0u; i < header.several_paths; ++i) arriving *= contact_shadow(header.paths[i].ball);
  } else if (header.path_count > 0u) {
    arriving *= contact_shadow(header.ball);
  }
  color = vec4(to_srgb(albedo * arriving + sheen), 1.0);
}
