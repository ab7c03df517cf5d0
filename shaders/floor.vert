#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#define RELIEF_ACCESS readonly
#include "relief.glsl"

layout(location = 0) out vec2 place;
layout(location = 1) out float light;

void main() {
  ivec2 cell = ivec2(gl_VertexIndex % kFloorSide, gl_VertexIndex / kFloorSide);
  place = (vec2(cell) / float(kFloorSide - 1) * 2.0 - 1.0) * kFloorReach;
  light = floor_light[gl_VertexIndex];
  // A little lower than the lines that are drawn on it.
  gl_Position = view.view_projection * vec4(place.x, kFloorY - 0.004, place.y, 1.0);
}
