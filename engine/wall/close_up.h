#pragma once
// One tile of the feature wall, enlarged: where its picture, its scale of values and its words go. Knows no
// device.

#include <string>
#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

// A layer of FrameHeader::layers and one of its channels, both from 0.
struct TileChoice {
  std::uint32_t layer = 0;
  std::uint32_t channel = 0;
  bool operator==(const TileChoice&) const = default;
};

// False for what has no tile of its own: a layer that is not there, a vector's cells.
[[nodiscard]] bool can_enlarge(const Frame& frame, const TileChoice& tile);
// The next tile: `channels` and `layers` are -1, 0 or 1. It stays where there is none.
[[nodiscard]] TileChoice next_tile(const Frame& frame, TileChoice tile, int layers, int channels);

struct CloseUp {
  Rect picture;  // a square
  Rect values;   // the scale of values, largest at the top
  std::vector<ScreenLabel> labels;
};

// Inside `panel`: the picture on the left, beside it name, channel and shape, and the scale with its two
// ends.
[[nodiscard]] CloseUp lay_out_close_up(const PassContext& context, const Rect& panel, const TileChoice& tile,
                                       const StageTexts& texts, const Font& font);

}  // namespace fl
