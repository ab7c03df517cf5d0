#pragma once
// A value that is given in place of what a scene says: "train.epochs=30".

#include <cstdint>
#include <string>

#include <toml++/toml.h>

#include "trainer/base/result.h"

namespace fl {

// What varies beside keys, in sweeps and races: the seed of starting weights and image order alone. The
// images and their split stay those of the scene, where train.seed would change them, too.
inline constexpr const char* kStartAxis = "start";

// Its value. Errors: none that is a seed.
Result<std::uint64_t> seed_of_start(const std::string& value);

// Puts it into the scene. The value is as in TOML; a bare word is a text. Errors: no key and value, or a
// table that is none in this scene; they call it by the option that gives one, --set.
Result<void> apply_setting(toml::table& scene, const std::string& setting);

}  // namespace fl
