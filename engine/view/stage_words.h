#pragma once
// The stage's own words: world labels brought to the picture, the headline and the footnote.

#include <vector>

#include "engine/view/font.h"
#include "engine/view/label.h"
#include "engine/view/pass.h"
#include "engine/view/stage_texts.h"

namespace fl {

// Leaves out what is behind the camera or out of the 3-D view, and moves sideways what would stick out of it.
void append_world_labels(const PassContext& context, const Font& font, const std::vector<Label>& labels,
                         std::vector<ScreenLabel>& out);
// Title, and under it step, epoch, rate and, where it is not training, the run's state.
void append_headline(const PassContext& context, const Rect& rect, const StageTexts& texts,
                     std::vector<ScreenLabel>& out);
// What the surface is made of: points, probe, standard error.
void append_footnote(const PassContext& context, const Rect& rect, std::vector<ScreenLabel>& out);

}  // namespace fl
