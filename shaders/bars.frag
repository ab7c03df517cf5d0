#version 460
#extension GL_GOOGLE_include_directive : require
// A bar as long as the class's probability in the frame slot, on a track as long as 1.
#include "common.glsl"
#include "frame.glsl"
#include "bars.glsl"

layout(location = 0) in vec2 in_local;
layout(location = 1) flat in uint in_class;  // its place among those shown
layout(location = 0) out vec4 out_color;

// Coverage of a rounded bar from x = 0.
float bar(float width) {
  const float radius = min(push.radius, 0.5 * width);
  const vec2 half_size = 0.5 * vec2(width, push.thickness);
  const vec2 beyond = abs(in_local - half_size) - (half_size - radius);
  const float distance = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - radius;
  return clamp(0.5 - distance, 0.0, 1.0);
}

void main() {
  float probability = header.probabilities[in_class];
  probability = isnan(probability) ? 0.0 : clamp(probability, 0.0, 1.0);
  // What the network says is coloured by whether it is right, where anybody knows; all else is quiet.
  const bool chosen = header.shown_classes[in_class] == header.image_prediction;
  const vec3 judged = header.image_prediction == header.image_label ? view.theme.accent.rgb : view.theme.warning.rgb;
  const vec3 verdict = header.image_label == kNoLabel ? view.theme.text.rgb : judged;
  const vec3 fill = chosen ? verdict : view.theme.text_muted.rgb;
  const float track = bar(push.area.z) * view.theme.grid.a * 0.8;
  const float filled = bar(max(probability * push.area.z, 2.0));
  const float alpha = filled + track * (1.0 - filled);
  if (alpha <= 0.0) discard;
  out_color = vec4((fill * filled + view.theme.grid.rgb * track * (1.0 - filled)) / alpha, alpha);
}
