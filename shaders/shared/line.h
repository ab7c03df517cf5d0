// A straight line in the world.
#ifndef FL_SHARED_LINE_H
#define FL_SHARED_LINE_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct Line {
#ifdef __cplusplus
  Line(vec3 from_, vec3 to_, float pixels, vec4 color_)
      : from(from_), width(pixels), to(to_), color(color_) {}
#endif
  vec3 from;    // world
  float width;  // pixels
  vec3 to;      // world
  float unused FL_IS(0);
  vec4 color;  // sRGB, straight alpha
};

FL_CLOSE_SHARED
#endif
