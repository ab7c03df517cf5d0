#version 460
// A view that was drawn with half its rows and columns, at its whole size.

layout(set = 2, binding = 0) uniform sampler2D picture;

layout(location = 0) in vec2 place;
layout(location = 1) flat in vec4 inner;
layout(location = 0) out vec4 color;

void main() { color = vec4(texture(picture, clamp(place, inner.xy, inner.zw)).rgb, 1.0); }
