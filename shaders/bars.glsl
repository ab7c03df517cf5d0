// Class probabilities; engine/charts/bars.cpp mirrors it.
layout(push_constant, std430) uniform Push {
  vec4 area;       // x, y of the first bar, full width (probability 1), distance from bar to bar; pixels
  float thickness;
  float radius;
  mat3 plane;
  uint order[8];   // class of each row, a byte each, lowest first
} push;
