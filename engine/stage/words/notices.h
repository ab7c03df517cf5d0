#pragma once
// What the stage has to say for a while: a message, and a card of what is loading and how far it is. The card
// stands in the middle of an empty stage, and out of the way at the lower edge of the landscape while there
// is something to look at.

#include <vector>

#include "engine/pass/panel.h"
#include "engine/pass/stage_texts.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/view_state.h"
#include "engine/text/text.h"

namespace fl {

// Draws the caption and the cue that the view says, StageTexts::message, the phase of a step and
// StageTexts::loading, appends their words to `out`, and returns the rectangle they take; without a height
// where there is nothing to say. `footnote`: they leave it its place.
[[nodiscard]] Rect draw_notices(const PassContext& context, const Font& font, const PanelPass& panels,
                                const StageLayout& layout, const StageTexts& texts, const ViewState& view,
                                bool footnote, std::vector<ScreenLabel>& out);

}  // namespace fl
