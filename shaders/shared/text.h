// Words on the picture.
#ifndef FL_SHARED_TEXT_H
#define FL_SHARED_TEXT_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

struct GlyphQuad {
  vec2 origin;              // pixels: the label's start on its baseline
  vec2 along;               // pixels per em, in the direction of writing
  vec4 box;                 // em: left, top, width, height, from the origin, y down
  vec4 texels;              // atlas: u, v, width, height
  vec2 down;                // pixels per em, from line to line
  uint color FL_IS(0);      // RGBA8
  float outline FL_IS(0);   // pixels by which the ink is widened; 0 for the text itself
  float softness FL_IS(0);  // pixels over which a widened edge fades
  uint unused0 FL_IS(0), unused1 FL_IS(0), unused2 FL_IS(0);
};

struct TextPush {
  vec2 viewport;  // pixels
  vec2 atlas;     // texels
  float em_texels FL_IS(0);
  float spread_texels FL_IS(0);
};

FL_CLOSE_SHARED
#endif
