#pragma once
// What a backbone wants of a scene, and what its export has for one.

#include <string>
#include <vector>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/data/dataset.h"

namespace fl {

// What [network] backbone calls our own and none at all, and whether it names our own, or another file of the
// same kind.
inline constexpr const char* kPhantomBackbone = "phantom";
inline constexpr const char* kNoBackbone = "none";
bool is_phantom_backbone(const std::string& backbone);

// How a data set has to be loaded for a backbone: in colour, and 224 x 224 for Teachable Machine's; 112 x 112
// for ours, whose numbers are standardised.
DataSpec for_backbone(DataSpec spec, const std::string& backbone);

// [network] init: the head starts as the export's own.
inline constexpr const char* kExportedInit = "export";

// The weights of an export's own head, as ParamLayout of dense_head(..., units, ...) has them, its outputs in
// the order of `classes`. Errors: it has other units, or knows other classes.
Result<std::vector<float>> exported_head(const TmExport& parts, const std::vector<int>& units,
                                         const std::vector<std::string>& classes);

}  // namespace fl
