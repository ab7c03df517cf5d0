// One block of the feature wall's tiles.
#ifndef FL_SHARED_TILES_H
#define FL_SHARED_TILES_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// TilesPush::kind: the image, maps of a layer, a layer without width and height, the scale of values.
FL_CONSTANT uint kImage = 0u, kMaps = 1u, kStrip = 2u, kScale = 3u;

struct TilesPush {
  vec2 origin;  // top left of the first tile, whole pixels
  vec2 size;    // of a tile, pixels; whole but for the cells of a strip
  vec2 gap;     // between tiles; need not be whole
  uint columns FL_IS(1);
  uint layer FL_IS(0);
  uint kind FL_IS(0);
  uint first FL_IS(0);     // channel of the first tile; of a scale: 1 for the greys of an image
  uint standing FL_IS(0);  // 1: the plane is not the picture itself
  uint unused FL_IS(0);
  mat3_columns plane;  // see engine/pass/plane.h
};

FL_CLOSE_SHARED
#endif
