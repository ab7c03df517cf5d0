// The descent as a row of capsules, one a step, in pixels: round joins hold at the sharp turns that noisy
// gradients make. Where capsules overlap nothing must add up. With several samples a pixel, alpha to coverage
// sees to that. With one, alpha to coverage is a threshold at one half: an outline thinner than a pixel would
// break into dashes, and what fades would be there or not. So alpha is blended, and a pixel is left to the
// nearest of neighbouring capsules.

// A point of a descent on the picture: path_points.comp writes it.
#include "shaders/shared/path.h"

layout(push_constant) uniform PushBlock { PathPush push; };
