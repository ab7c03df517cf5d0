#version 460
#extension GL_GOOGLE_include_directive : require

#include "shaders/shared/thumbnail.h"

layout(set = 0, binding = 1) uniform sampler2D pictures;

layout(push_constant, std430) uniform PushBlock { ThumbnailPush push; };

layout(location = 0) in vec2 in_texel;
layout(location = 1) flat in vec4 in_inside;
layout(location = 2) flat in float in_light;
layout(location = 3) flat in uint in_sharp;

layout(location = 0) out vec4 out_color;

void main() {
  // Nothing of its neighbours.
  const vec2 texel = clamp(in_texel, in_inside.xy, in_inside.zw);
  const vec2 at = in_sharp != 0u ? floor(texel) + 0.5 : texel;
  out_color = vec4(in_light * textureLod(pictures, at / push.texture, 0.0).rgb, 1.0);
}
