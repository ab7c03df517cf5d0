// One series of a chart; engine/view/curves.cpp mirrors it.
layout(push_constant, std430) uniform Push {
  vec4 plot;    // x, y, width, height in pixels
  vec4 color;   // straight alpha
  vec2 most;    // epochs at the right edge, value at the top edge; both axes begin at 0
  float width;  // of the line, or diameter of the dots, pixels
  uint series;
  uint count;   // points
  uint mode;
} push;

const uint kTrainLoss = 0u, kTestLoss = 1u, kTrainAccuracy = 2u, kTestAccuracy = 3u, kStepLoss = 4u;
const uint kLine = 0u, kDots = 1u, kColumns = 2u;
