// One series of a chart; engine/charts/curves.cpp mirrors it.
layout(push_constant, std430) uniform Push {
  vec4 plot;    // x, y, width, height in pixels, without `below`
  vec4 color;   // straight alpha
  vec2 most;    // epoch or step at the right edge (0 is at the left), y coordinate at the top edge
  float width;  // of the line, or diameter of the dots, pixels
  uint series;
  uint count;   // points
  uint mode;
  float low;    // y coordinate at the bottom edge
  uint log;     // 1: the y coordinate is log10 of the value
  uint first;   // of the points: kPathLoss begins somewhere in the path section
  float window; // of a band, to either side, epochs
  uint dash;    // which of `dashes` along the line are drawn: lines over each other take turns
  uint dashes;  // 0: the line is whole
  float pitch;  // of the dashes, pixels
  float below;  // of a logarithm: pixels under the plot in which the axis goes on, evenly, from `low` to 0
} push;

const uint kTrainLoss = 0u, kTestLoss = 1u, kTrainAccuracy = 2u, kTestAccuracy = 3u, kStepLoss = 4u, kPathLoss = 5u;
const uint kLine = 0u, kDots = 1u, kBand = 2u;
