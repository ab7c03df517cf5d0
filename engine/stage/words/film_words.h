#pragma once
// What a film says over its pictures: a caption, large enough for the last row whatever else is small, and a
// card with a title, which covers all.

#include <optional>
#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/stage_texts.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/view_state.h"
#include "engine/text/font.h"

namespace fl {

// The caption that is seen, as it fits into `room`, at its lower edge or, `at_top`, at its upper one; its
// words are appended, its ground is returned.
[[nodiscard]] Panel caption_panel(const PassContext& context, const Font& font, const Rect& room, bool at_top,
                                  const Caption& caption, float share, std::vector<ScreenLabel>& out);

// The one that the view shows; null: none.
[[nodiscard]] const Caption* shown_caption(const StageTexts& texts, const ViewState& view);

// Draws a caption that does not stand at the landscape's lower edge: at its upper one, or over cards that
// have the whole picture in the headline's place. True: there.
[[nodiscard]] bool draw_caption_above(const PassContext& context, const Font& font, const PanelPass& panels,
                                      const StageLayout& layout, const StageTexts& texts,
                                      const ViewState& view, std::vector<ScreenLabel>& out);

// Covers the picture as far as the card that the view shows is there, words in `out` included, and appends
// its own.
void draw_title_card(const PassContext& context, const Font& font, const PanelPass& panels,
                     const StageTexts& texts, const ViewState& view, std::vector<ScreenLabel>& out);

}  // namespace fl
