// One series of the curves' panel, as it is drawn.
#ifndef FL_SHARED_CURVES_H
#define FL_SHARED_CURVES_H

#include "shaders/shared/dash.h"
#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// CurvesPush::series, and ::mode.
FL_CONSTANT uint kTrainLoss = 0u, kTestLoss = 1u, kTrainAccuracy = 2u, kTestAccuracy = 3u, kStepLoss = 4u,
                 kPathLoss = 5u, kGradientNorm = 6u, kUpdateNorm = 7u, kRate = 8u, kClassAccuracy = 9u;
// At the steps where the curvature was measured.
FL_CONSTANT uint kSharpness = 10u, kBatchSharpness = 11u, kSharpnessLimit = 12u;
// Between two forks of a step, of equal distances.
FL_CONSTANT uint kFateLine = 16u;
// Of an earlier run: up to the last a line is cut at the plot's edges.
FL_CONSTANT uint kEarlierLoss = 13u, kEarlierAccuracy = 14u, kEarlierTestAccuracy = 15u;
// kMiddle: the median about each place; kSample: of a line, for its key: from plot.xy so far as plot.zw.
FL_CONSTANT uint kLine = 0u, kDots = 1u, kBand = 2u, kMiddle = 3u, kSample = 4u;

struct CurvesPush {
  vec4 plot;             // x, y, width, height in pixels, without `below`
  vec4 color;            // straight alpha
  vec2 most;             // epoch or step at the right edge, y coordinate at the top edge
  float width FL_IS(0);  // of the line, or diameter of the dots, pixels
  uint series FL_IS(0);
  uint count FL_IS(0);  // points
  uint mode FL_IS(0);
  float low FL_IS(0);     // y coordinate at the bottom edge
  uint log FL_IS(0);      // 1: the y coordinate is log10 of the value
  uint first FL_IS(0);  // of the points in their section, but for those of steps; of kClassAccuracy the class
  float window FL_IS(0);  // of a band, to either side, epochs
  uint dash FL_IS(0);     // which of `dashes` along the line are drawn: lines over each other take turns
  uint dashes FL_IS(0);   // 0: the line is whole
  float pitch FL_IS(1);   // of the dashes, or from one place of a median to the next, pixels
  // Of a logarithm: pixels under the plot in which the axis goes on, evenly, from `low` to 0.
  float below FL_IS(0);
  float x_low FL_IS(0);                 // epoch or step at the left edge
  // Epoch of point 0, and from one point to the next; of kPathLoss and of curvature that of step 0, and of a
  // step.
  float begin FL_IS(0), each FL_IS(1);
  uint row FL_IS(1);                    // classes of kClassAccuracy
  uint pattern FL_IS(0);                // kSolid and so on
  float unit FL_IS(1);  // of the pattern, pixels
};

FL_CLOSE_SHARED
#endif
