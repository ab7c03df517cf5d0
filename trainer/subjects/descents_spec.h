#pragma once
// Reads a scene's [two_parameters] table.

#include <optional>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/subjects/descents.h"

namespace fl {

// Nothing where the scene has no such table. Errors name line, key, and what would be right; a scene that
// also describes a training is one.
Result<std::optional<DescentsSpec>> parse_descents_spec(const toml::table& scene);

}  // namespace fl
