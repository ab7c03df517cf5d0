#version 460
#extension GL_GOOGLE_include_directive : require
// What the head says at each place of the map, and the images, means and arrows on it.
#include "common.glsl"
#include "frame.glsl"
#include "map.glsl"

layout(location = 0) in vec2 in_local;
layout(location = 1) flat in uint in_index;
layout(location = 2) flat in vec4 in_shape;
layout(location = 0) out vec4 out_color;

float covered(float distance) { return clamp(0.5 - distance, 0.0, 1.0); }

// `over` with its coverage on what is there, straight alpha.
vec4 put(vec4 there, vec3 over, float coverage) {
  const float alpha = coverage + there.a * (1.0 - coverage);
  return vec4((over * coverage + there.rgb * there.a * (1.0 - coverage)) / max(alpha, 1e-4), alpha);
}

vec4 field() {
  const vec3 ground = view.theme.panel.rgb;
  if (push.side < 2u) return vec4(ground, 1.0);
  const vec2 share = clamp(vec2(0.5, -0.5) * in_local / (0.5 * push.plot.zw) + 0.5, 0.0, 1.0);
  const vec2 at = share * float(push.side - 1u);
  const uvec2 cell = min(uvec2(at), uvec2(push.side - 2u));
  const vec2 part = at - vec2(cell);
  const uint plane = push.side * push.side, corner = cell.y * push.side + cell.x;
  const float cells_per_pixel = float(push.side - 1u) / push.plot.z;
  // The two largest, each with its slope; then softmax.
  vec3 best = vec3(-1e30, 0.0, 0.0), second = best;
  float logits[kFrameMaxClasses];
  for (uint c = 0u; c < push.classes; ++c) {
    const uint i = c * plane + corner;
    const vec2 left = vec2(map_logits[i], map_logits[i + push.side]);
    const vec2 right = vec2(map_logits[i + 1u], map_logits[i + push.side + 1u]);
    const vec2 row = mix(left, right, part.x), rise = right - left;
    const vec3 here = vec3(mix(row.x, row.y, part.y), mix(rise.x, rise.y, part.y), row.y - row.x);
    logits[c] = here.x;
    if (here.x > best.x) {
      second = best;
      best = here;
    } else if (here.x > second.x) {
      second = here;
    }
  }
  float sum = 0.0;
  for (uint c = 0u; c < push.classes; ++c) sum += exp(logits[c] - best.x);
  if (isnan(sum) || isinf(sum)) return vec4(ground, 1.0);
  vec3 color = ground;
  const float even = 1.0 / float(push.classes);
  for (uint c = 0u; c < push.classes; ++c) {
    const float more = max(exp(logits[c] - best.x) / sum - even, 0.0) / (1.0 - even);
    color += 0.30 * more * (class_color(c) - ground);
  }
  // Where two classes are equally likely.
  const float slope = length(best.yz - second.yz) * cells_per_pixel;
  const float line = slope > 1e-6 ? covered((best.x - second.x) / slope - 0.5 * push.line) : 0.0;
  return vec4(mix(color, view.theme.text.rgb, 0.75 * line), 1.0);
}

vec4 mark(vec2 at, float radius, float rim, uint label) {
  const float distance = radius * mark_distance(at / radius, label);
  vec4 color = put(vec4(0.0), view.theme.panel.rgb, covered(distance - rim));
  return put(color, class_color(label), covered(distance));
}

vec3 texel(uvec2 at) {
  return unpackUnorm4x8(map_pixels[(in_index * kMapSide + at.y) * kMapSide + at.x]).rgb;
}

// The mean of the texels under a pixel, or between four of them.
vec3 thumbnail(vec2 local, vec2 half_size, uvec2 texels) {
  const vec2 per_pixel = vec2(texels) / (2.0 * half_size);
  const vec2 at = (local + half_size) * per_pixel;
  const vec2 reach = max(0.5 * per_pixel, vec2(0.5));
  vec3 sum = vec3(0.0);
  float weights = 0.0;
  const ivec2 first = ivec2(floor(at - reach)), last = ivec2(ceil(at + reach));
  for (int y = first.y; y < last.y; ++y)
    for (int x = first.x; x < last.x; ++x) {
      const vec2 share = min(at + reach, vec2(x + 1, y + 1)) - max(at - reach, vec2(x, y));
      const float weight = max(share.x, 0.0) * max(share.y, 0.0);
      sum += weight * texel(uvec2(clamp(ivec2(x, y), ivec2(0), ivec2(texels) - 1)));
      weights += weight;
    }
  return sum / max(weights, 1e-6);
}

vec4 picture() {
  const bool shown = push.kind == kShownPicture;
  const uint label = uint(in_shape.w), size = shown ? push.shown_size : map_images[in_index].size;
  const bool known = !shown || push.shown_label != kNoLabel;
  const vec2 half_size = in_shape.xy, beyond = abs(in_local) - half_size;
  const float distance = max(beyond.x, beyond.y);
  const vec3 frame = shown ? view.theme.text.rgb : class_color(label);
  vec4 color = vec4(0.0);
  if (shown) color = put(color, view.theme.panel.rgb, covered(distance - 1.5 * push.line));
  color = put(color, frame, covered(distance - 0.5 * push.line));
  const vec3 inside = thumbnail(in_local, half_size, uvec2(size & 255u, size >> 8u));
  color = put(color, inside, covered(distance + 0.5 * push.line));
  if (!known) return color;
  const float radius = 0.15 * push.size + 0.75 * push.line;
  const vec4 badge = mark(in_local - half_size + 0.3 * radius, radius, 0.75 * push.line, label);
  return put(color, badge.rgb, badge.a);
}

// A shaft and a head.
vec4 arrow() {
  const uint label = uint(in_shape.w);
  const float pixels = in_shape.z, head = 1.1 * push.size;
  if (!(pixels > 1.5 * head)) return vec4(0.0);
  const vec2 at = in_local + vec2(0.5 * pixels, 0.0);  // from the foot
  const float shaft = max(abs(at.y) - 0.5 * push.line, max(-at.x, at.x - pixels + 0.5 * head));
  const float to_tip = pixels - at.x;
  const float point = max(0.894 * abs(at.y) - 0.447 * to_tip, to_tip - head);
  const float distance = min(shaft, point);
  vec4 color = put(vec4(0.0), view.theme.panel.rgb, covered(distance - 0.4 * push.line));
  return put(color, class_color(label), covered(distance));
}

void main() {
  if (push.kind == kField) {
    out_color = field();
    return;
  }
  if (push.kind == kPictures || push.kind == kShownPicture) {
    out_color = picture();
  } else if (push.kind == kArrows) {
    out_color = arrow();
  } else if (push.kind == kMeans) {
    const uint label = in_index;
    const float distance = push.size * mark_distance(in_local / push.size, label);
    out_color = put(vec4(0.0), view.theme.text.rgb, covered(distance - push.line));
    out_color = put(out_color, class_color(label), covered(distance));
  } else {
    out_color = mark(in_local, push.size, push.kind == kDots ? push.line : 0.0, uint(in_shape.w));
  }
  if (out_color.a <= 0.0) discard;
}
