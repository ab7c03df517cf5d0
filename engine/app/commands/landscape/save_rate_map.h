#pragma once
// What `fallline landscape` makes of a map of learning rates, which has no surface.

#include "engine/app/commands/landscape/landscape_source.h"

namespace fl {

// Trains its pixels and saves them as rows. Precondition: the source's scene has one. Ctrl-C saves what is
// known. Errors: another format than .csv, and as those of a surface.
Result<void> save_rate_map(const LandscapeOptions& options, const LandscapeSource& source);

// landscape_sentence(), or what is said of such a map.
[[nodiscard]] std::string sentence_of(const Subject& subject);

}  // namespace fl
