// How the slot's grid is drawn.
#ifndef FL_SHARED_RELIEF_H
#define FL_SHARED_RELIEF_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct ReliefParams {
  uint side FL_IS(0);   // of the slot's grid
  uint drawn FL_IS(0);  // cells a side that are drawn
  uint stride FL_IS(1);
  uint is_test FL_IS(0);  // 1: the test set's surface
  float follow FL_IS(1);  // share of the way to the slot's heights that this picture goes; 1: all of it
  float unused0 FL_IS(0), unused1 FL_IS(0), unused2 FL_IS(0);
};

// The floor's light is kept for so many places a side.
FL_CONSTANT uint kFloorSide = 49u;

FL_CLOSE_SHARED
#endif
