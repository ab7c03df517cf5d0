// The descent as a row of capsules, one a step, in pixels: round joins hold at the sharp turns that noisy
// gradients make. Drawn with alpha to coverage, so that where capsules overlap nothing adds up.

struct PathPush {
  uint first;       // of the points that are drawn
  uint count;       // points, so count - 1 segments
  float radius;     // pixels
  float halo;       // > 0: the dark outline, this many pixels wider
  float hidden;     // 1: the part behind the surface
  uint several;     // 1: one of several descents, each in its own colour
  uint color;       // which of the theme's
};
layout(push_constant) uniform PushBlock { PathPush push; };
