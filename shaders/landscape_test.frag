#version 460
#extension GL_GOOGLE_include_directive : require
// The test set's surface: tinted glass in the colour of the test curves, so that the training surface and
// what lies under it stay readable. Contours and edges carry its shape.
#include "common.glsl"
#include "contour.glsl"

layout(location = 0) in vec3 world;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 light;
layout(location = 0) out vec4 color;

void main() {
  vec3 to_eye = normalize(view.eye.xyz - world);
  vec3 n = normalize(normal);
  float facing = abs(dot(n, to_eye));
  float edge = 1.0 - facing;
  float key = max(dot(n, view.light.xyz), 0.0) * mix(0.55, 1.0, light.x);
  vec3 tint = to_linear(view.theme.test.rgb);
  float level = contour_level(world.y) * 0.2;  // the bold ones only: two sets of fine lines are a net
  float lines = contour(level, max(fwidth(level), 1e-6), 1.6 * view.options.y);
  vec3 lit = mix(tint * (0.45 + 0.75 * key), tint * 1.35 + 0.08, lines);
  float from_rim = light.w / max(fwidth(light.w), 1e-6);
  float rim = 1.0 - smoothstep(0.5, 2.0, from_rim / view.options.y);
  // Glass shows itself where it is seen from the side.
  float alpha = max(max(0.24 + 0.50 * edge * edge * edge, 0.80 * lines), 0.75 * rim);
  color = vec4(to_screen(lit), alpha);
}
