// The map of a sweep: where it lies, and which of its figures it shows.
#ifndef FL_SHARED_SWEEP_H
#define FL_SHARED_SWEEP_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct SweepPush {
  vec4 plot;         // x, y, width, height in pixels
  vec4 ground;       // of cells without a value, sRGB
  vec4 cross_color;  // of a training that diverged
  uint columns FL_IS(1), rows FL_IS(1);
  uint figure FL_IS(0);    // SweepFigure
  uint reversed FL_IS(0);  // 1: low values are the bright ones
  float line FL_IS(1);     // width of crosses and dashes in pixels
  float gap FL_IS(1);      // of ground between two cells in pixels
};

FL_CLOSE_SHARED
#endif
