#version 460
#extension GL_GOOGLE_include_directive : require
// The surface's depth alone: the same vertices as landscape.vert.
#include "common.glsl"
#include "relief.glsl"

void main() {
  ivec2 cell = vertex_cell(gl_VertexIndex);
  Relief r = relief_at(cell);
  gl_Position = view.view_projection * vec4(drawn_vertex(cell, r.y), 1.0);
  gl_ClipDistance[0] = r.rim;
}
