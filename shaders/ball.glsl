// Spheres as camera-facing squares: the fragment shader finds where its ray meets the sphere, and writes
// that depth. Instance 0 is the ball at the newest point, instance 1 the start marker.

#include "shaders/shared/path.h"

layout(push_constant) uniform PushBlock { BallPush push; };
