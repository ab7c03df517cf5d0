// Where a ray meets the surface.
#ifndef FL_SHARED_SURFACE_HIT_H
#define FL_SHARED_SURFACE_HIT_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// No distance has these bits.
FL_CONSTANT uint kNoHit = 0xffffffffu;

struct SurfaceRay {
  vec4 origin, along;  // along: unit length
  // Of the nearest hit. The host puts kNoHit there: of floats above 0, the smaller one has the smaller bits.
  uint distance_bits FL_IS(kNoHit);
  uint unused0 FL_IS(0), unused1 FL_IS(0), unused2 FL_IS(0);
};

FL_CLOSE_SHARED
#endif
