// Class probabilities; engine/charts/bars.cpp mirrors it.
#include "shaders/shared/bars.h"

layout(push_constant, std430) uniform PushBlock { BarsPush push; };
