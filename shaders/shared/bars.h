// The bars of class probabilities.
#ifndef FL_SHARED_BARS_H
#define FL_SHARED_BARS_H

#include "shaders/shared/vectors.h"

#include "trainer/seam/frame_header.h"

FL_OPEN_SHARED

struct BarsPush {
  vec4 area;  // x, y of the first bar, full width (probability 1), distance from bar to bar; pixels
  float thickness FL_IS(0);
  float radius FL_IS(0);
  float unused0 FL_IS(0), unused1 FL_IS(0);
  mat3_columns plane;                          // see engine/pass/plane.h
  FL_LIST(uint, order, kFrameMaxClasses / 4);  // class of each row, a byte each, lowest first
};

FL_CLOSE_SHARED
#endif
