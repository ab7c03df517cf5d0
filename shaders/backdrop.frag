#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(location = 0) flat in vec4 top;
layout(location = 1) flat in vec3 bottom;
layout(location = 0) out vec4 color;

void main() { color = vec4(backdrop(gl_FragCoord.xy, gl_FragCoord.y * top.a, top.rgb, bottom), 1.0); }
