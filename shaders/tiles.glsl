// One block of the feature wall; engine/wall/tiles.cpp mirrors it.
#include "shaders/shared/tiles.h"

layout(push_constant, std430) uniform PushBlock { TilesPush push; };
