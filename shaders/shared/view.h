// What every pass knows of the view: the uniform buffer of set 1 (std140).
#ifndef FL_SHARED_VIEW_H
#define FL_SHARED_VIEW_H

#include "shaders/shared/vectors.h"

#include "trainer/seam/frame_header.h"

FL_OPEN_SHARED

FL_CONSTANT uint kColorTerms = 7u;

// The colours of the stage, sRGB as they appear on screen: what stands here is what a projector shows.
struct Theme {
  vec4 background_top, background_bottom;
  vec4 text;        // titles, values
  vec4 text_muted;  // units, tick values
  vec4 grid;        // thin lines of base plane and plots
  vec4 axis;        // box edges, plot frames
  vec4 panel;       // ground of a tile or a plot
  vec4 train;       // curves: training set
  vec4 test;        // curves: test set
  vec4 path;        // the descent where it is slow
  vec4 path_hot;    // and where it was fast
  vec4 ball;
  vec4 start;    // where the descent began
  vec4 accent;   // what is chosen, right answers
  vec4 warning;  // divergence, wrong answers
  vec4 contour;  // alpha is the strength of a bold line
  vec4 floor_;   // under the landscape, where the light falls on it; alpha is what a full shadow takes of it
  // Several descents side by side: told apart by every kind of colour blindness, the first nine at least.
  FL_LIST(vec4, paths, kFrameMaxPaths);
};

struct ViewUniforms {
  mat4 view_projection;
  mat4 view;
  vec4 eye;       // xyz, world
  vec4 target;    // width, height, 1/width, 1/height of the whole picture in pixels
  vec4 viewport;  // x, y, width, height of the 3-D view in pixels
  vec4 surface;   // low, high, contour interval, height: see SurfaceScale
  vec4 options;   // x: 1 = log height; y: text and line scale; z: pixels a world unit has at distance 1;
                  // w: 1 = evaluated points are marked
  vec4 light;     // xyz: toward the key light, unit length
  // From the eye through pixel (x, y) of the 3-D view: ray + x * ray_right + y * ray_down (xyz), as long as
  // one unit is deep. ray_right.w / (depth + ray_down.w): how deep lies what the depth image holds.
  vec4 ray, ray_right, ray_down;
  Theme theme;
  vec4 ground_top, ground_bottom;  // behind everything, sRGB
  // Of height: sum of colors[i].xyz * t^i are the cube roots of long, medium and short cone response.
  FL_LIST(vec4, colors, kColorTerms);
  // Where balls darken the surface under them: x, z, the height of the point, how strongly.
  FL_LIST(vec4, contacts, kFrameMaxPaths);
};

FL_CLOSE_SHARED
#endif
