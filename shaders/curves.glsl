// One series of a chart; engine/charts/curves.cpp mirrors it.
#include "shaders/shared/curves.h"

layout(push_constant, std430) uniform PushBlock { CurvesPush push; };
