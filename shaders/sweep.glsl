// The sweep map's push constants.
#include "shaders/shared/sweep.h"

layout(push_constant, std430) uniform PushBlock { SweepPush push; };
