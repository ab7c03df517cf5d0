#version 460
#extension GL_GOOGLE_include_directive : require
// One quad a picture, pulled from this frame's buffer. See engine/ui/thumbnails/thumbnails.cpp for the other side.

#include "shaders/shared/thumbnail.h"

layout(set = 0, binding = 0, std430) readonly buffer Quads { ThumbnailQuad quads[]; };

layout(push_constant, std430) uniform PushBlock { ThumbnailPush push; };

layout(location = 0) out vec2 out_texel;
layout(location = 1) flat out vec4 out_inside;  // the texels that it may show: lowest, highest
layout(location = 2) flat out float out_light;
layout(location = 3) flat out uint out_sharp;

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  const ThumbnailQuad quad = quads[gl_InstanceIndex];
  gl_Position = vec4((quad.box.xy + corner * quad.box.zw) / push.display * 2.0 - 1.0, 0.0, 1.0);
  out_texel = quad.texels.xy + corner * quad.texels.zw;
  out_inside = vec4(quad.texels.xy + 0.5, quad.texels.xy + quad.texels.zw - 0.5);
  out_light = quad.light;
  out_sharp = quad.sharp;
}
