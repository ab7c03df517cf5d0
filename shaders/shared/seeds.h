// The histogram of runs that differ in their seed alone.
#ifndef FL_SHARED_SEEDS_H
#define FL_SHARED_SEEDS_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct SeedsPush {
  vec4 plot;  // x, y, width, height in pixels
  vec4 color, chosen_color;
  uint bars FL_IS(1);
  uint first FL_IS(0);   // of seed_bars: 0 counts, kMostSeedBars what is expected
  int chosen FL_IS(-1);  // a bar; -1: none
  float most FL_IS(1);   // value at the upper edge
  float line FL_IS(0);   // width of an outline in pixels; 0: bars are filled
  float gap FL_IS(0);    // between bars, pixels
};

FL_CLOSE_SHARED
#endif
