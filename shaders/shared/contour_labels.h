// The losses written along bold contour lines.
#ifndef FL_SHARED_CONTOUR_LABELS_H
#define FL_SHARED_CONTOUR_LABELS_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

FL_CONSTANT uint kMostLabels = 8u;

// A bold line and the room its words need.
struct LabelLevel {
  float y FL_IS(0);                                 // of the line, world
  float half_width FL_IS(0), half_height FL_IS(0);  // of the words, pixels
  int number FL_IS(0);  // of the level, in bold lines: the same line in the next picture
};

struct LabelLevels {
  FL_LIST(LabelLevel, levels, kMostLabels);
  uint count FL_IS(0);
  uint turn FL_IS(0);  // rises with each picture
  uint unused0 FL_IS(0), unused1 FL_IS(0);
};

struct LabelPlace {
  vec2 pixel;  // the words' centre
  vec2 along;  // the direction of writing, unit length, never backward
  vec2 xz;     // world
  int number;  // LabelLevel::number
  uint shown;
};

struct LabelGlyph {
  vec4 box;                // em: left, top, width, height, from the words' centre, y down
  vec4 texels;             // atlas: u, v, width, height
  uint color FL_IS(0);     // RGBA8
  float outline FL_IS(0);  // pixels by which the ink is widened; 0 for the words themselves
  float softness FL_IS(0);
  uint level FL_IS(0);  // index of its LabelPlace
};

struct LabelPush {
  vec2 atlas;  // texels
  float em_texels FL_IS(0), spread_texels FL_IS(0);
  float size FL_IS(0);  // pixels an em
};

FL_CLOSE_SHARED
#endif
