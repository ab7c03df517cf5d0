#pragma once
// fallline landscape -o NAME.png: the surface that the other formats hold, drawn as render draws it, alone in
// the picture.

#include "engine/app/commands/landscape/landscape_command.h"

namespace fl {

Result<void> draw_landscape(const LandscapeOptions& options);

}  // namespace fl
