// The trainability map's push constants.
#include "shaders/shared/rates.h"

layout(push_constant, std430) uniform PushBlock { RatesPush push; };
