#version 460
layout(location = 0) in vec2 on_patch;
layout(location = 1) flat in float strength;
layout(location = 0) out vec4 color;

void main() {
  float inside = max(1.0 - dot(on_patch, on_patch), 0.0);
  color = vec4(0.0, 0.0, 0.0, strength * inside * inside);
}
