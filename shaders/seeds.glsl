// The push constants of a histogram of seeds.
#include "shaders/shared/seeds.h"

layout(push_constant, std430) uniform PushBlock { SeedsPush push; };
