#version 460
layout(location = 0) in vec2 in_from_centre;
layout(location = 1) flat in vec4 in_fill;
layout(location = 2) flat in vec4 in_border_color;
layout(location = 3) flat in vec4 in_shape;
layout(location = 4) flat in float in_softness;
layout(location = 0) out vec4 out_color;

void main() {
  // Signed distance to the rounded rectangle, negative inside.
  const vec2 beyond = abs(in_from_centre) - in_shape.xy;
  const float distance = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - in_shape.z;
  const float shape = in_softness > 1.0 ? 1.0 - smoothstep(-1.0, 1.0, distance / in_softness) : clamp(0.5 - distance, 0.0, 1.0);
  if (shape <= 0.0) discard;
  const float border = in_shape.w > 0.0 ? clamp(distance + in_shape.w + 0.5, 0.0, 1.0) * in_border_color.a : 0.0;
  // The border lies over the fill; straight alpha.
  const float alpha = border + in_fill.a * (1.0 - border);
  const vec3 color = (in_border_color.rgb * border + in_fill.rgb * in_fill.a * (1.0 - border)) / max(alpha, 1e-4);
  out_color = vec4(color, alpha * shape);
}
