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

// How much a place of the image speaks for the class, in [0, 1], from the middles of the heat's own places. `at`:
// in [0, 1] over the image.
float heat_at(vec2 at) {
  const vec2 size = vec2(header.heat_width, header.heat_height);
  const vec2 place = clamp(at * size - 0.5, vec2(0.0), size - 1.0);
  const uvec2 low = uvec2(place), high = min(low + 1u, uvec2(size) - 1u);
  const vec2 part = place - vec2(low);
  const uint top = low.y * header.heat_width, bottom = high.y * header.heat_width;
  return mix(mix(heat[top + low.x], heat[top + high.x], part.x),
             mix(heat[bottom + low.x], heat[bottom + high.x], part.x), part.y);
}

// The image stays to be seen through what is warm; a line around what speaks most, so that it is not said by
// colour alone. `reach`: of a pixel, in [0, 1] over the image.
vec3 warmed(vec3 image, vec2 at, vec2 reach) {
  const float t = heat_at(at);
  const vec3 warm = to_srgb(oklch_to_linear(mix(0.5, 0.88, t), 0.17, radians(mix(30.0, 95.0, t))));
  const vec2 slope = vec2(heat_at(at + vec2(reach.x, 0.0)) - heat_at(at - vec2(reach.x, 0.0)),
                          heat_at(at + vec2(0.0, reach.y)) - heat_at(at - vec2(0.0, reach.y))) *
                     0.5;
  const float line = 1.0 - clamp(abs(t - 0.5) / max(length(slope), 1e-5) - 0.5, 0.0, 1.0);
  return mix(mix(image, warm, 0.62 * smoothstep(0.15, 0.75, t)), vec3(1.0), 0.9 * line);
}

// Mean of one channel over the texels from `low` to `high`, each by the share of it that lies there.
float mean(FrameLayer layer, uint channel, vec2 low, vec2 high) {
  float sum = 0.0, weights = 0.0;
  const uvec2 first = uvec2(low), end = uvec2(ceil(high));
  for (uint y = first.y; y < end.y; ++y) {
    const uint row = layer.offset + (channel * layer.height + y) * layer.width;
    const float down = min(high.y, float(y + 1u)) - max(low.y, float(y));
    for (uint x = first.x; x < end.x; ++x) {
      const float weight = down * (min(high.x, float(x + 1u)) - max(low.x, float(x)));
      sum += weight * features[row + x];
      weights += weight;
    }
  }
  return sum / weights;
}

// Share of the pixel that lies inside the tile. Local pixels are the picture's to within a tenth, so that the
// distance to an edge is the coverage.
float coverage(vec2 low, vec2 high) {
  vec2 share = clamp(min(in_local - low, high - in_local) + 0.5, 0.0, 1.0);
  if (push.kind == kStrip) share.x = 1.0;
  return share.x * share.y;
}

void main() {
  if (push.kind == kScale) {
    const float t = clamp(1.0 - in_local.y / push.size.y, 0.0, 1.0);
    out_color = vec4(push.first == 1u ? vec3(t) : activation_color(t), 1.0);
    return;
  }
  const FrameLayer layer = header.layers[push.layer];
  const bool warm = push.kind == kImage && header.heat_width > 0u;
  const float range = layer.maximum - layer.minimum;
  const float inverse = range > 0.0 ? 1.0 / range : 0.0;

  vec2 low = vec2(0.0), high = vec2(1.0);
  vec2 at = vec2(0.5), reach_of_pixel = vec2(0.0);  // over the image
  float alpha = 1.0;
  if (push.kind == kStrip) {
    if (push.standing != 0u) alpha = coverage(vec2(0.0), push.size);
  } else {
    // Maps that are not square keep their shape inside the square tile.
    const vec2 texels = vec2(layer.width, layer.height);
    const float per_pixel = max(texels.x, texels.y) / push.size.x;
    const vec2 margin = 0.5 * (push.size - texels / per_pixel);
    at = (in_local - margin) * per_pixel / texels;
    reach_of_pixel = vec2(per_pixel) / texels;
    if (push.standing != 0u) {
      alpha = coverage(margin, push.size - margin);
      const vec2 reach = vec2(0.5 * per_pixel);
      const vec2 centre = clamp((in_local - margin) * per_pixel, reach, texels - reach);
      low = centre - reach;
      high = centre + reach;
    } else {
      const vec2 first = (floor(in_local) - margin) * per_pixel;
      const vec2 centre = first + 0.5 * per_pixel;
      if (any(lessThan(centre, vec2(0.0))) || any(greaterThanEqual(centre, texels))) {
        out_color = view.theme.panel;
        return;
      }
      // Whole texels: those under the pixel, or the one that it lies in.
      low = per_pixel > 1.0 ? max(floor(first + 0.001), vec2(0.0)) : floor(centre);
      high = per_pixel > 1.0 ? min(ceil(first + per_pixel - 0.001), texels) : low + 1.0;
      high = min(max(high, low + 1.0), low + 8.0);
    }
  }
  if (alpha <= 0.0) discard;

  if (push.kind == kImage && layer.channels == 3u) {
    const vec3 value = vec3(mean(layer, 0u, low, high), mean(layer, 1u, low, high), mean(layer, 2u, low, high));
    const vec3 colour = clamp((value - layer.minimum) * inverse, 0.0, 1.0);
    out_color = vec4(warm ? warmed(colour, at, reach_of_pixel) : colour, alpha);
    return;
  }
  const float value = mean(layer, in_channel, low, high);
  // A diverged network's activations say so.
  if (isnan(value) || isinf(value)) {
    out_color = vec4(view.theme.warning.rgb, alpha);
    return;
  }
  const float t = clamp((value - layer.minimum) * inverse, 0.0, 1.0);
  out_color = vec4(warm ? warmed(vec3(t), at, reach_of_pixel) : push.kind == kImage ? vec3(t) : activation_color(t), alpha);
}
