#pragma once
// What a person is told about writing that no installed font has: its name, and the Debian package that
// helps.

#include <string>

#include "engine/text/font_faces.h"

namespace fl {

class FontFinder;

// One text for all of it: "No installed font can draw Arabic, Thai (fonts-noto-core), emoji and symbols
// (fonts-symbola); boxes stand for them. ...". Empty where nothing is missing. `finder` says what is
// installed already, so that the advice leads on.
[[nodiscard]] std::string missing_fonts_advice(const FontFaces::Missing& missing, const FontFinder& finder);

}  // namespace fl
