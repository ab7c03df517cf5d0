// Spheres as camera-facing squares: the fragment shader finds where its ray meets the sphere, and writes
// that depth. Instance 0 is the start marker, instance 1 the ball at the newest point.

struct BallPush {
  float ball_radius, start_radius;  // world units
  float shown;                      // share of full strength: less for what the surface hides
};
layout(push_constant) uniform PushBlock { BallPush push; };
