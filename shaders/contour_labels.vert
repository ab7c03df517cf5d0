#version 460
#extension GL_GOOGLE_include_directive : require
// One quad a glyph, at the place that was found for its words; text.frag inks it.
#include "common.glsl"
#include "contour_labels.glsl"

layout(set = 2, binding = 0, std430) readonly buffer Glyphs { LabelGlyph glyphs[]; };
layout(set = 3, binding = 1, std430) readonly buffer Places { LabelPlace places[]; };

layout(push_constant, std430) uniform PushBlock { LabelPush push; };

layout(location = 0) out vec2 out_uv;
layout(location = 1) flat out vec4 out_color;
layout(location = 2) flat out float out_pixels;
layout(location = 3) flat out float out_outline;
layout(location = 4) flat out float out_softness;

void main() {
  vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  LabelGlyph glyph = glyphs[gl_InstanceIndex];
  LabelPlace place = places[glyph.level];
  vec2 em = (glyph.box.xy + corner * glyph.box.zw) * push.size;
  vec2 pixel = place.pixel + em.x * place.along + em.y * vec2(-place.along.y, place.along.x);
  gl_Position = place.shown != 0u ? vec4(pixel * view.target.zw * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  out_uv = (glyph.texels.xy + corner * glyph.texels.zw) / push.atlas;
  out_color = unpackUnorm4x8(glyph.color);
  out_pixels = push.size / push.em_texels * push.spread_texels;
  out_outline = glyph.outline;
  out_softness = glyph.softness;
}
