#version 460
// One quad a glyph, pulled from this frame's glyph buffer. See engine/text/text.cpp for the other side.

struct GlyphQuad {
  vec2 origin;     // pixels: the label's start on its baseline
  vec2 along;      // pixels per em, in the direction of writing
  vec4 box;        // em: left, top, width, height, from the origin, y down
  vec4 texels;     // atlas: u, v, width, height
  vec2 down;       // pixels per em, from line to line
  uint color;      // RGBA8
  float outline;   // pixels by which the ink is widened; 0 for the text itself
  float softness;  // pixels over which a widened edge fades
  uint unused[3];
};

layout(set = 2, binding = 0, std430) readonly buffer Glyphs { GlyphQuad glyphs[]; };

layout(push_constant, std430) uniform Push {
  vec2 viewport;  // pixels
  vec2 atlas;     // texels
  float em_texels;
  float spread_texels;
};

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
  gl_Position = vec4(pixel / viewport * 2.0 - 1.0, 0.0, 1.0);
  out_uv = (glyph.texels.xy + corner * glyph.texels.zw) / atlas;
  out_color = unpackUnorm4x8(glyph.color);
  out_pixels = length(glyph.along) / em_texels * spread_texels;
  out_outline = glyph.outline;
  out_softness = glyph.softness;
}
