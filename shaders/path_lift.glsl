// How far toward the eye path and balls are drawn, world units. `radius` of the path's core in pixels, `depth` in
// world units. Needs common.glsl.
//
// A path that lies on the surface must not flicker with it, and its side nearer to the viewer must not be cut
// off by a surface that comes nearer across its width, down to 27 degrees from the line of sight. One lift for
// outline, core and balls: what hides one of them must not show another, and a ball stays before its path.
float path_lift(float radius, float depth) {
  float outline = (1.5 * radius + 1.0) * depth / view.options.z;  // half its width
  return 0.016 + 0.75 * outline;
}
