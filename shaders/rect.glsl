// Constants of a rounded rectangle; engine/pass/panel.cpp mirrors them.
#include "shaders/shared/rect.h"

layout(push_constant, std430) uniform PushBlock { RectPush push; };
