#pragma once
// A head's data set: what a backbone makes of the images, in place of their pixels.

#include <string>

#include "trainer/backbone/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend.h"
#include "trainer/data/dataset.h"

namespace fl {

// What [network] backbone calls our own, and whether it names that, or another file of the same kind.
inline constexpr const char* kPhantomBackbone = "phantom";
bool is_phantom_backbone(const std::string& backbone);

// How a data set has to be loaded for a backbone: in colour, and 224 x 224 for Teachable Machine's; 112 x 112
// for ours, whose numbers are standardised.
DataSpec for_backbone(DataSpec spec, const std::string& backbone);

// `data`, loaded so, with images of (floats of an embedding) x 1 x 1. Errors: those of Backend::compile;
// load_cancelled(). `watch` hears of LoadPhase::kNetwork.
Result<Dataset> embed_dataset(Dataset data, const KnownNetwork& backbone, Backend& backend,
                              const LoadWatch& watch);

}  // namespace fl
