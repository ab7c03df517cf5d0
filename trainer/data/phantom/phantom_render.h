#pragma once
// From anatomy to Hounsfield units: what an ideal scanner without noise would measure.

#include <stop_token>

#include "trainer/data/phantom/phantom.h"
#include "trainer/data/phantom/phantom_anatomy.h"

namespace fl {

// Precondition: side > 0. Where `stop` is requested meanwhile, the slice may lack some of it.
HuSlice render_anatomy(const Anatomy& anatomy, int side, const std::stop_token& stop = {});

}  // namespace fl
