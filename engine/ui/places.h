#pragma once
// Where the things are that a pointer can reach, by name, so that a test can click on names and no test knows
// a pixel. With FALLLINE_PLACES=1 in the environment the log says each place when it changes, as "place NAME
// X Y WIDTH HEIGHT" or "place NAME gone"; without it nothing is noted.

#include <string_view>

#include "engine/pass/pass.h"

namespace fl {

[[nodiscard]] bool places_wanted();
// While a picture is made: pixels of it. Names have no spaces.
void note_place(std::string_view name, const Rect& where);
// The same of the Dear ImGui item made last.
void note_item(std::string_view name);
// The picture is made: what was not noted for it is gone.
void end_places();

}  // namespace fl
