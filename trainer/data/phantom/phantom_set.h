#pragma once
// A data set of generated phantoms, drawn on every core or read where it was kept.

#include <cstdint>

#include "trainer/data/dataset.h"

namespace fl {

// As load_dataset, which has checked `asked`. Errors: counts out of range, too many images; load_cancelled().
Result<Dataset> load_phantoms(const DataSpec& asked, std::uint64_t seed, const LoadWatch& watch,
                              const LoadOptions& options);

}  // namespace fl
