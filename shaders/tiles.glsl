// One block of the feature wall; engine/wall/tiles.cpp mirrors it.
layout(push_constant, std430) uniform Push {
  vec2 origin;   // top left of the first tile, whole pixels
  vec2 size;     // of a tile, pixels; whole but for the cells of a strip
  vec2 gap;      // between tiles; need not be whole
  uint columns;
  uint layer;
  uint kind;     // as TileKind: 0 image, 1 maps, 2 strip, 3 the scale of values
  uint first;    // channel of the first tile; of a scale: 1 for the greys of an image
  uint standing; // 1: the plane is not the picture itself
  mat3 plane;
} push;

const uint kImage = 0u, kMaps = 1u, kStrip = 2u, kScale = 3u;
