#pragma once
// The scene's [two_parameters] table: one row a key.

#include <optional>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"
#include "trainer/subjects/descents/descents.h"

namespace fl {

const KeyTable<DescentsSpec>& descents_keys();

// Nothing where the scene has no such table. Errors name line, key, and what would be right; a scene that
// also describes a training is one.
Result<std::optional<DescentsSpec>> parse_descents_spec(const toml::table& scene);

}  // namespace fl
