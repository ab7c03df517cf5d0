#version 460
#extension GL_GOOGLE_include_directive : require
// One quad a glyph, pulled from this frame's glyph buffer. See engine/text/text.cpp for the other side.

#include "shaders/shared/text.h"

layout(set = 2, binding = 0, std430) readonly buffer Glyphs { GlyphQuad glyphs[]; };

layout(push_constant, std430) uniform PushBlock { TextPush push; };

layout(location = 0) out vec2 out_uv;
layout(location = 1) flat out vec4 out_color;
layout(location = 2) flat out float out_pixels;  // per unit of distance field, from the outline to the spread
layout(location = 3) flat out float out_outline;
layout(location = 4) flat out float out_softness;

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  const GlyphQuad glyph = glyphs[gl_InstanceIndex];
  const vec2 em = glyph.box.xy + corner * glyph.box.zw;
  const vec2 pixel = glyph.origin + em.x * glyph.along + em.y * glyph.down;
  gl_Position = vec4(pixel / push.viewport * 2.0 - 1.0, 0.0, 1.0);
  out_uv = (glyph.texels.xy + corner * glyph.texels.zw) / push.atlas;
  out_color = unpackUnorm4x8(glyph.color);
  out_pixels = length(glyph.along) / push.em_texels * push.spread_texels;
  out_outline = glyph.outline;
  out_softness = glyph.softness;
}
