#pragma once
// The card that says what is loading and how far it is: in the middle of an empty stage, and out of the way
// at the lower edge of the landscape while there is something to look at.

#include <array>
#include <vector>

#include "engine/pass/loading_note.h"
#include "engine/pass/panel.h"
#include "engine/stage/stage_layout.h"
#include "engine/text/text.h"

namespace fl {

struct LoadingCard {
  Panel ground;
  std::array<Panel, 2> bar;  // all of the way, and what lies behind
};

// Its words are appended to `out`. `empty`: nothing else is on the stage. `above`: pixel rows from here on
// are taken.
[[nodiscard]] LoadingCard loading_card(const PassContext& context, const Font& font, const Rect& landscape,
                                       const LoadingNote& note, bool empty, float above,
                                       std::vector<ScreenLabel>& out);

}  // namespace fl
