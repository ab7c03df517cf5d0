#pragma once
// The stage's own words: world labels brought to the picture, the headline and the footnote.

#include <optional>
#include <string>
#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/stage/stage_layout.h"
#include "engine/text/font.h"

namespace fl {

// Leaves out what is behind the camera or out of the 3-D view, moves inside what would stick out of it, and
// keeps each label clear of those in `out`, of `taken` and of the labels before it: see Label::away.
void append_world_labels(const PassContext& context, const Font& font, const std::vector<Label>& labels,
                         const Rect& taken, std::vector<ScreenLabel>& out);
// Title, and under it what learns, step, epoch, rate and, where it is not training, the run's state. Clauses
// that do not fit are left out from the right, here and in the footnote.
void append_headline(const PassContext& context, const Font& font, const Rect& rect, const StageTexts& texts,
                     std::vector<ScreenLabel>& out);
// "137 of 1089 points", ", the rest within 0.8 %": of the height range, in the scale that is drawn; or "33 ×
// 33 points", all of them evaluated.
[[nodiscard]] std::vector<std::string> surface_clauses(const FrameFacts& facts, bool log);
// What the surface is made of: points, probe, standard error.
void append_footnote(const PassContext& context, const Font& font, const Rect& rect,
                     std::vector<ScreenLabel>& out);
// StageTexts::message above the footnote; its words are appended, its ground is returned. Nothing where there
// is no message.
[[nodiscard]] std::optional<Panel> message_panel(const PassContext& context, const Font& font,
                                                 const StageLayout& layout, const StageTexts& texts,
                                                 std::vector<ScreenLabel>& out);

// Takes away those of the first `count` labels that begin, or have their middle, under a rectangle.
void remove_under(const Rect& rect, std::size_t count, std::vector<ScreenLabel>& labels);

}  // namespace fl
