// Spheres as camera-facing squares: the fragment shader finds where its ray meets the sphere, and writes
// that depth. Instance 0 is the ball at the newest point, instance 1 the start marker.

struct BallPush {
  float ball_radius, start_radius;  // world units
  float shown;                      // share of full strength: less for what the surface hides
  uint several;                     // 1: of several descents, path number
  uint number;                      // this one
  float path_radius;                // pixels, of the path's core
};
layout(push_constant) uniform PushBlock { BallPush push; };
