#pragma once
// A model as Teachable Machine exports its own for TensorFlow.js: a ZIP of model.json, weights.bin and
// metadata.json; and beside these a self-check.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/exports/leaving_model.h"
#include "trainer/exports/self_check.h"

namespace fl {

// What the self-check's image is called in the ZIP; metadata.json has its probabilities.
inline constexpr const char* kSelfCheckFile = "self-check.png";

// The same model gives the same bytes. `name`: what the error calls the file. Errors: those of tfjs_model_of.
Result<std::vector<std::byte>> tfjs_zip_of(const LeavingModel& model, const SelfCheck& check,
                                           const std::string& name);

}  // namespace fl
