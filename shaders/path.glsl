// The descent as a row of capsules, one a step, in pixels: round joins hold at the sharp turns that noisy
// gradients make. Where capsules overlap nothing must add up. With several samples a pixel, alpha to coverage
// sees to that. With one, alpha to coverage is a threshold at one half: an outline thinner than a pixel would
// break into dashes, and what fades would be there or not. So alpha is blended, and a pixel is left to the
// nearest of neighbouring capsules.

// A point of a descent on the picture: path_points.comp writes it.
struct PlacedPoint {
  float x, y;   // pixels
  float depth;  // of what is drawn there
  float w;      // of its clip coordinates; 0: the point has no place
  uint color;   // RGBA8
};

struct PathPush {
  uint first;       // of the points that are drawn
  uint count;       // points, so count - 1 segments
  float radius;     // pixels
  float halo;       // > 0: the dark outline, this many pixels wider
  float hidden;     // 1: the part behind the surface
  uint several;     // 1: one of several descents, each in its own colour
  uint color;       // which of the theme's
  uint blended;     // 1: one sample a pixel
};
layout(push_constant) uniform PushBlock { PathPush push; };
