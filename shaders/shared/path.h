// The descent: its placed points, its line and its balls.
#ifndef FL_SHARED_PATH_H
#define FL_SHARED_PATH_H

#include "shaders/shared/dash.h"
#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

// A point of the path on the picture. Scalars only: the buffer is as dense as it can be.
struct PlacedPoint {
  float x, y;   // pixels
  float depth;  // of what is drawn there
  float w;      // of its clip coordinates; 0: the point has no place
  uint color;   // RGBA8
  float along;  // pixels of the path before it; of one without a pattern 0
};

struct PathPush {
  uint first FL_IS(0);    // of the points that are drawn
  uint count FL_IS(0);    // points, so count - 1 segments
  float radius FL_IS(0);  // pixels
  float halo FL_IS(0);    // > 0: the dark outline, this many pixels wider
  float hidden FL_IS(0);  // 1: the part behind the surface
  uint several FL_IS(0);  // 1: one of several descents, each in its own colour
  uint color FL_IS(0);    // which of the theme's
  uint blended FL_IS(0);  // 1: one sample a pixel
  uint pattern FL_IS(0);  // kSolid and so on
  float unit FL_IS(1);    // of the pattern, pixels
};

struct BallPush {
  float ball_radius FL_IS(0), start_radius FL_IS(0);  // world units
  float shown FL_IS(1);        // share of full strength: less for what the surface hides
  uint several FL_IS(0);  // 1: of several descents, path number; 2: of a race, each with a start of its own
  uint number FL_IS(0);        // this one
  float path_radius FL_IS(0);  // pixels, of the path's core
};

FL_CLOSE_SHARED
#endif
