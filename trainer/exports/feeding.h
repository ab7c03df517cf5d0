#pragma once
// How to feed a model that has left, in words and numbers for whoever reads its metadata.

#include <optional>
#include <string_view>

#include "trainer/base/json.h"
#include "trainer/exports/leaving_model.h"
#include "trainer/exports/self_check.h"

namespace fl {

// The image's size, what has to be done to it before, what the model does itself, and what it must say of the
// self-check's image. `values`: what stands in the input for a pixel's bytes; `image`: where the image is.
Json feeding_of(const LeavingModel& model, const SelfCheck& check, std::string_view values,
                std::string_view image);

// What the metadata of a model say that has left, where they have such words; nothing where they have not.
std::optional<SliceLook> look_in(const Json& metadata);

}  // namespace fl
