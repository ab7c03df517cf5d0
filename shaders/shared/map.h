// The map of a head's embeddings (engine/charts/map.h).
#ifndef FL_SHARED_MAP_H
#define FL_SHARED_MAP_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// MapPush::kind, in the order in which they are drawn: what the head says at each place; images as marks, and
// as pictures; the image that is shown; arrows; the classes' means; a mark in the legend.
FL_CONSTANT uint kField = 0u, kDots = 1u, kPictures = 2u, kShownPicture = 3u, kArrows = 4u, kMeans = 5u,
                 kKeyMark = 6u;

// An arrow is longer where the head is surer. Of half the square it takes kArrowShare * s / (s + kArrowSlope)
// where the logit rises by s from the middle to the edge.
FL_CONSTANT float kArrowShare = 0.9, kArrowSlope = 2.5;

struct MapPush {
  vec4 plot;    // x, y, width, height of the square in pixels
  vec4 square;  // in the plane: centre, half a side
  vec4 shown;   // the image that is shown: x, y
  uint kind FL_IS(0);
  uint first FL_IS(0);    // of the images; of a mark in the legend its class
  uint classes FL_IS(0);  // in the slot
  uint side FL_IS(0);     // of the logits
  float size FL_IS(0);    // of a mark or a picture, pixels
  float line FL_IS(0);    // width of lines and frames, pixels
  uint picture FL_IS(0);  // place of the shown image's thumbnail
  uint shown_size FL_IS(0);
  uint shown_label FL_IS(0);
  uint unused0 FL_IS(0), unused1 FL_IS(0), unused2 FL_IS(0);
};

FL_CLOSE_SHARED
#endif
