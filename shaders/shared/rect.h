// A rounded rectangle.
#ifndef FL_SHARED_RECT_H
#define FL_SHARED_RECT_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct RectPush {
  vec4 rect;  // x, y, width, height in pixels
  vec4 fill;
  vec4 border_color;
  float radius FL_IS(0);
  float border FL_IS(0);    // width inside the edge, pixels
  float softness FL_IS(0);  // pixels over which the edge fades; 1 and less: a sharp one
  float unused FL_IS(0);
  mat3_columns plane;  // see engine/pass/plane.h
};

FL_CLOSE_SHARED
#endif
