// How large the marks of a step's phase are drawn.
#ifndef FL_SHARED_PHASE_MARKS_H
#define FL_SHARED_PHASE_MARKS_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct PhasePush {
  float arrow FL_IS(0), head FL_IS(0);  // pixels: half the width of an arrow, and of its head
  float edge FL_IS(0);                  // pixels: half the width of a square's edge
  float lift FL_IS(0);                  // world units that marks lie above the loss: their ball's centre
  float ghost FL_IS(0);                 // world units: its radius
};

FL_CLOSE_SHARED
#endif
