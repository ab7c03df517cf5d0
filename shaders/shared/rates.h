// The trainability map: where it lies, and its colours.
#ifndef FL_SHARED_RATES_H
#define FL_SHARED_RATES_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// sRGB, from the first to the last of either side: blue where a training came down, yellow to red where it
// did not, which every kind of colour blindness tells apart. Next to the boundary lie the lightest blue and
// the darkest red.
FL_CONSTANT vec4 kTrainedFirst = vec4(0.10, 0.20, 0.42, 1), kTrainedMiddle = vec4(0.22, 0.53, 0.69, 1),
                 kTrainedLast = vec4(0.80, 0.94, 0.97, 1);
FL_CONSTANT vec4 kLostFirst = vec4(1.00, 0.90, 0.64, 1), kLostMiddle = vec4(0.93, 0.55, 0.24, 1),
                 kLostLast = vec4(0.49, 0.11, 0.08, 1);

struct RatesPush {
  vec4 plot;            // x, y, width, height of the square in pixels
  uint side FL_IS(0);   // of the map
  uint taps FL_IS(1);   // a side, for each pixel of the picture: more than 1 where the map is the finer one
  float edge FL_IS(1);  // pixels of the picture that one of the map covers, at least 1
  float unused FL_IS(0);
};

FL_CLOSE_SHARED
#endif
