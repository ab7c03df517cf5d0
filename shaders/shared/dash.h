// Patterns of lines, so that what is told apart by colour is told apart without it, too.
#ifndef FL_SHARED_DASH_H
#define FL_SHARED_DASH_H

#include "shaders/shared/vectors.h"

FL_OPEN_SHARED

FL_CONSTANT uint kSolid = 0u, kDashed = 1u, kDotted = 2u, kDashDotted = 3u, kPatterns = 4u;

FL_CLOSE_SHARED
#endif
