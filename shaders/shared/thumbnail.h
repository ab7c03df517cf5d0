// Pictures of a lesson's images among Dear ImGui's widgets.
#ifndef FL_SHARED_THUMBNAIL_H
#define FL_SHARED_THUMBNAIL_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct ThumbnailQuad {
  vec4 box;              // left, top, width, height, in Dear ImGui's pixels
  vec4 texels;           // of the texture: left, top, width, height
  float light FL_IS(1);  // that its colours are multiplied by
  uint sharp FL_IS(0);   // not 0: every texel has edges
  uint unused0 FL_IS(0), unused1 FL_IS(0);
};

struct ThumbnailPush {
  vec2 display;  // size, in Dear ImGui's pixels
  vec2 texture;  // size, in texels
};

FL_CLOSE_SHARED
#endif
