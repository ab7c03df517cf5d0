#pragma once
// From anatomy to Hounsfield units: what an ideal scanner without noise would measure.

#include "trainer/data/sources/phantom.h"
#include "trainer/data/sources/phantom_anatomy.h"

namespace fl {

// Precondition: side > 0.
HuSlice render_anatomy(const Anatomy& anatomy, int side);

}  // namespace fl
