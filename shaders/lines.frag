#version 460
layout(location = 0) flat in vec4 ends;
layout(location = 1) flat in vec4 line_color;
layout(location = 2) flat in float width;
layout(location = 0) out vec4 color;

void main() {
  vec2 along = normalize(ends.zw - ends.xy + vec2(1e-6, 0.0));
  vec2 here = gl_FragCoord.xy - ends.xy;
  float distance = abs(dot(here, vec2(-along.y, along.x)));
  // A line thinner than a pixel is a pixel line, paler.
  float shown = max(width, 1.0);
  float coverage = clamp(shown * 0.5 + 0.5 - distance, 0.0, 1.0) * min(width, 1.0);
  color = vec4(line_color.rgb, line_color.a * coverage);
}
