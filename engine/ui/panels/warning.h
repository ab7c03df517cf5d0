#pragma once

#include <string>

#include "engine/pass/theme.h"

namespace fl {

// A sentence in a panel, with a bar of the warning colour beside it.
void draw_warning(const std::string& sentence, const Theme& theme);

}  // namespace fl
