#pragma once
// What travels with a model so that whoever reads it can tell whether they read it right: an image, and what
// the model says of it here.

#include <cstddef>
#include <vector>

#include "trainer/exports/leaving_model.h"

namespace fl {

inline constexpr double kSelfCheckTolerance = 1e-3;

struct SelfCheck {
  std::vector<std::byte> png;        // of `side` x `side` RGB pixels: nothing is left to resize
  std::vector<float> probabilities;  // [class]; they differ elsewhere by less than kSelfCheckTolerance
};

// Of several phantoms, blood painted red, the one that the model is least sure of: where it is sure, much
// could be wrong and the answer the same. No image of anybody's. The same model gives the same bytes. Errors:
// those of probabilities_of.
Result<SelfCheck> self_check_of(const LeavingModel& model);

}  // namespace fl
