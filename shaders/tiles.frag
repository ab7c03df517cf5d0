#version 460
#extension GL_GOOGLE_include_directive : require
// A tile straight from the activations in the frame slot. Enlarged maps show their texels as they are;
// reduced ones show the mean of the texels under a pixel, so that nothing flickers or is skipped.
#include "common.glsl"
#include "frame.glsl"
#include "tiles.glsl"

layout(location = 0) in vec2 in_local;
layout(location = 1) flat in uint in_channel;
layout(location = 0) out vec4 out_color;

// Nothing to see is nearly black, much is nearly white; lightness rises evenly, a cool hue tells activations
// from the grey input. The same in both themes: a tile is a picture, not a part of the page.
vec3 activation_color(float t) {
  const float lightness = mix(0.24, 0.97, t);
  const float chroma = 0.045 + 0.065 * sin(3.14159265 * t);
  return to_srgb(oklch_to_linear(lightness, chroma, radians(mix(265.0, 205.0, t))));
}

// Mean of one channel over the texels [from, to).
float mean(FrameLayer layer, uint channel, uvec2 from, uvec2 to) {
  float sum = 0.0;
  for (uint y = from.y; y < to.y; ++y) {
    const uint row = layer.offset + (channel * layer.height + y) * layer.width;
    for (uint x = from.x; x < to.x; ++x) sum += features[row + x];
  }
  return sum / float((to.x - from.x) * (to.y - from.y));
}

void main() {
  const FrameLayer layer = header.layers[push.layer];
  const float range = layer.maximum - layer.minimum;
  const float inverse = range > 0.0 ? 1.0 / range : 0.0;

  uvec2 from = uvec2(0u), to = uvec2(1u);
  if (push.kind != kStrip) {
    // Maps that are not square keep their shape inside the square tile.
    const vec2 texels = vec2(layer.width, layer.height);
    const float per_pixel = max(texels.x, texels.y) / push.size.x;
    const vec2 first = (floor(in_local) - 0.5 * (push.size - texels / per_pixel)) * per_pixel;
    const vec2 centre = first + 0.5 * per_pixel;
    if (any(lessThan(centre, vec2(0.0))) || any(greaterThanEqual(centre, texels))) {
      out_color = view.theme.panel;
      return;
    }
    if (per_pixel > 1.0) {
      from = uvec2(max(floor(first + 0.001), vec2(0.0)));
      to = uvec2(min(ceil(first + per_pixel - 0.001), texels));
      to = min(max(to, from + 1u), from + 8u);
    } else {
      from = uvec2(centre);
      to = from + 1u;
    }
  }

  if (push.kind == kImage && layer.channels == 3u) {
    const vec3 value = vec3(mean(layer, 0u, from, to), mean(layer, 1u, from, to), mean(layer, 2u, from, to));
    out_color = vec4(clamp((value - layer.minimum) * inverse, 0.0, 1.0), 1.0);
    return;
  }
  const float value = mean(layer, in_channel, from, to);
  // A diverged network's activations say so.
  if (isnan(value) || isinf(value)) {
    out_color = vec4(view.theme.warning.rgb, 1.0);
    return;
  }
  const float t = clamp((value - layer.minimum) * inverse, 0.0, 1.0);
  out_color = vec4(push.kind == kImage ? vec3(t) : activation_color(t), 1.0);
}
