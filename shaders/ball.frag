#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "ball.glsl"
#include "path_lift.glsl"

layout(location = 0) in vec3 on_square;
layout(location = 1) flat in vec4 sphere;
layout(location = 2) flat in vec3 base_color;
layout(location = 3) in vec2 across;
layout(location = 4) flat in uint is_cross;
layout(location = 0) out vec4 color;

// Two bars over each other, with a dark edge.
void draw_cross() {
  float bar = min(abs(across.x - across.y), abs(across.x + across.y)) * 0.7071;
  float reach = max(abs(across.x), abs(across.y));
  float soft = max(fwidth(across.x), 1e-4);
  float edge = clamp((0.40 - bar) / soft + 0.5, 0.0, 1.0) * clamp((1.15 - reach) / soft + 0.5, 0.0, 1.0);
  float ink = clamp((0.22 - bar) / soft + 0.5, 0.0, 1.0) * clamp((1.0 - reach) / soft + 0.5, 0.0, 1.0);
  if (edge <= 0.0) discard;
  color = vec4(mix(view.theme.contour.rgb, base_color, ink), edge * push.shown);
  vec4 clip = view.view_projection * vec4(on_square + normalize(view.eye.xyz - on_square) * sphere.w, 1.0);
  gl_FragDepth = clip.z / clip.w;
}

void main() {
  if (is_cross != 0u) {
    draw_cross();
    return;
  }
  vec3 ray = normalize(on_square - view.eye.xyz);
  vec3 to_centre = sphere.xyz - view.eye.xyz;
  float nearest = dot(to_centre, ray);
  float miss = length(to_centre - ray * nearest);  // of the ray from the centre
  float pixel = nearest / view.options.z;          // a pixel's size there, world units
  float coverage = clamp((sphere.w - miss) / pixel + 0.5, 0.0, 1.0);
  if (coverage <= 0.0) discard;
  float inside = sqrt(max(sphere.w * sphere.w - miss * miss, 0.0));
  vec3 hit = view.eye.xyz + ray * (nearest - inside);
  vec3 n = normalize(hit - sphere.xyz);

  vec3 albedo = to_linear(base_color);
  vec3 l = view.light.xyz;
  float key = smoothstep(-0.15, 1.0, dot(n, l));
  float up = n.y * 0.5 + 0.5;
  vec3 lit = albedo * (key * 0.85 + mix(0.12, 0.36, up));
  float shine = max(dot(n, normalize(l - ray)), 0.0);
  shine *= shine, shine *= shine, shine *= shine, shine *= shine, shine *= shine, shine *= shine;
  lit += shine * 0.9;
  // A darker rim parts a pale ball from a pale hill.
  lit *= mix(0.42, 1.0, smoothstep(0.0, 0.55, inside / sphere.w));
  color = vec4(to_screen(lit), coverage * push.shown);

  vec4 clip = view.view_projection * vec4(hit - ray * path_lift(push.path_radius, nearest), 1.0);
  gl_FragDepth = clip.z / clip.w;
}
