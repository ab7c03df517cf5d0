#pragma once
// What a backbone wants of a scene.

#include "trainer/data/dataset.h"

namespace fl {

// How a data set has to be loaded for Teachable Machine's backbone: 224 x 224, in colour, not standardised.
DataSpec for_backbone(DataSpec spec);

}  // namespace fl
