#version 460
#extension GL_GOOGLE_include_directive : require
// One instance a tile.
#include "common.glsl"
#include "tiles.glsl"

layout(location = 0) out vec2 out_local;         // pixels from the tile's top left
layout(location = 1) flat out uint out_channel;

void main() {
  const uint tile = gl_InstanceIndex;
  const vec2 cell = vec2(tile % push.columns, tile / push.columns);
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  // Tiles begin on whole pixels; the cells of a strip end on them too, so that they meet without a seam.
  const vec2 start = floor(cell * (push.size + push.gap) + 0.5);
  const vec2 end = push.kind == kStrip ? floor(cell * (push.size + push.gap) + push.size + 0.5) : start + push.size;
  // In the room edges are slanted: a pixel more for their coverage. The cells of a strip stand side by side, and
  // upright edges stay upright.
  const vec2 reach = push.standing == 0u ? vec2(0.0) : push.kind == kStrip ? vec2(0.0, 1.0) : vec2(1.0);
  out_local = corner * (end - start + 2.0 * reach) - reach;
  out_channel = push.first + tile;
  const vec2 pixel = push.origin + start + out_local;
  gl_Position = on_plane(push.plane, pixel);
}
