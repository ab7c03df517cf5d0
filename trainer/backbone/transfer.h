#pragma once
// What a backbone wants of a scene, and what its export has for one.

#include <string>
#include <vector>

#include "trainer/backbone/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/data/dataset.h"

namespace fl {

// How a data set has to be loaded for Teachable Machine's backbone: 224 x 224, in colour, not standardised.
DataSpec for_backbone(DataSpec spec);

// [network] init: the head starts as the export's own.
inline constexpr const char* kExportedInit = "export";

// The weights of an export's own head, as ParamLayout of dense_head(..., units, ...) has them, its outputs in
// the order of `classes`. Errors: it has other units, or knows other classes.
Result<std::vector<float>> exported_head(const TmExport& parts, const std::vector<int>& units,
                                         const std::vector<std::string>& classes);

}  // namespace fl
