#version 460
#extension GL_GOOGLE_include_directive : require
// The test set's surface: pale glass with a mesh of the plane's directions, so that it is told from the solid
// one in every colour map, and what lies under it stays readable. Each line is light with a dark casing: one
// of the two stands out, whatever is behind.
#include "common.glsl"
#include "relief.glsl"

layout(location = 0) in vec3 world;
layout(location = 1) in vec2 normal;
layout(location = 2) in vec4 light;
layout(location = 0) out vec4 color;

const float kMeshes = 4.0;     // a world unit
const float kFrost = 0.42;     // white in the glass
const float kCasing = 1.25;    // pixels on either side of a line, at scale 1
const float kFrameInside = 2.0;  // pixels from the edge to the frame's middle: its casing is the edge
const float kLineShare = 0.5;  // of full strength: the frame is what is seen first

// Coverage of a line of `width` pixels, `distance` pixels from its middle.
float covered(float distance, float width) { return clamp(0.5 * width + 0.5 - distance, 0.0, 1.0); }

// Pixels to the nearest line of the mesh, the larger the closer lines come: they fade before they merge.
float to_mesh(float x) {
  float per_pixel = max(fwidth(x) * kMeshes, 1e-6);
  return abs(fract(x * kMeshes + 0.5) - 0.5) / per_pixel + 4.0 * smoothstep(0.08, 0.2, per_pixel);
}

float to_border(float x) { return (1.0 - abs(x)) / max(fwidth(x), 1e-6); }

void main() {
  vec3 to_eye = normalize(view.eye.xyz - world);
  vec3 n = upward(normal);
  float edge = 1.0 - abs(dot(n, to_eye));
  float key = max(dot(n, view.light.xyz), 0.0) * mix(0.55, 1.0, light.x);
  vec3 tint = to_linear(view.theme.test.rgb);

  float scale = view.options.y;
  float mesh = min(to_mesh(world.x), to_mesh(world.z));
  float from_rim = light.w / max(fwidth(light.w), 1e-6);
  float frame = min(min(to_border(world.x), to_border(world.z)), from_rim);
  frame = abs(frame - kFrameInside * scale);
  float line = max(kLineShare * covered(mesh, 1.1 * scale), covered(frame, 2.0 * scale));
  float casing = max(0.8 * kLineShare * covered(mesh, (1.1 + 2.0 * kCasing) * scale),
                     covered(frame, (2.0 + 2.0 * kCasing) * scale));

  vec3 glass = mix(tint, vec3(1.0), kFrost) * (0.45 + 0.60 * key);
  // Glass shows itself where it is seen from the side.
  float glass_alpha = 0.22 + 0.50 * edge * edge * edge;
  float casing_alpha = 0.7 * casing;
  vec3 lit = mix(mix(glass, 0.16 * tint, casing_alpha), mix(tint, vec3(1.0), 0.75), line);
  color = vec4(to_screen(lit), max(glass_alpha, max(casing_alpha, 0.95 * line)));
}
