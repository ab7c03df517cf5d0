#version 460
// Ink from signed distance: coverage is the distance to the outline in pixels, clamped to the pixel.

layout(set = 2, binding = 1) uniform sampler2D atlas_texture;

layout(location = 0) in vec2 in_uv;
layout(location = 1) flat in vec4 in_color;
layout(location = 2) flat in float in_pixels;
layout(location = 3) flat in float in_outline;
layout(location = 4) flat in float in_softness;

layout(location = 0) out vec4 out_color;

// Ink spreads a little, as it does on paper: without hinting, stems of a pixel's width fall between two
// pixels and look grey from the tenth row.
const float kSpread = 0.07;

void main() {
  // 127.5 of 255 is the outline, 0 and 255 the spread to either side.
  const float inside = (texture(atlas_texture, in_uv).r * 2.0 - 1.0) * in_pixels;
  // The field ends at the spread: an outline wider than that would show the quad's edge.
  const float outline = min(in_outline, in_pixels - 0.5 - 0.5 * in_softness);
  const float coverage = clamp((inside + outline + kSpread) / (1.0 + in_softness) + 0.5, 0.0, 1.0);
  if (coverage <= 0.0) discard;
  out_color = vec4(in_color.rgb, in_color.a * coverage);
}
