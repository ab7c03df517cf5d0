// Which contour lines carry their loss, and where it stands. The host says which and how wide the words are,
// contour_labels.comp finds the places, contour_labels.vert sets the words there. See
// engine/landscape/contour_labels.h.

const uint kMostLabels = 8u;

struct LabelLevel {
  float y;                         // of the line, world
  float half_width, half_height;   // of the words, pixels
  int number;                      // of the level, in bold lines: the same line in the next frame
};
layout(std140, set = 3, binding = 0) uniform LevelsBuffer {
  LabelLevel levels[kMostLabels];
  uint level_count;
  uint turn;  // rises with each frame
};

struct LabelPlace {
  vec2 pixel;   // the words' centre
  vec2 along;   // the direction of writing, unit length, never backward
  vec2 xz;      // world
  int number;   // LabelLevel::number
  uint shown;
};
