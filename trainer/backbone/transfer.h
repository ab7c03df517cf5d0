#pragma once
// A head's data set: what a backbone makes of the images, in place of their pixels.

#include "trainer/backbone/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend.h"
#include "trainer/data/dataset.h"

namespace fl {

// How a data set has to be loaded for Teachable Machine's backbone: 224 x 224, in colour, not standardised.
DataSpec for_backbone(DataSpec spec);

// `data`, loaded so, with images of (floats of an embedding) x 1 x 1. Errors: those of Backend::compile;
// load_cancelled(). `watch` hears of LoadPhase::kNetwork.
Result<Dataset> embed_dataset(Dataset data, const KnownNetwork& backbone, Backend& backend,
                              const LoadWatch& watch);

}  // namespace fl
