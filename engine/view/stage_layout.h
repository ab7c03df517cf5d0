#pragma once
// Where the parts of a picture go. Knows no device, so that a test and a scene file can ask it too.

#include "engine/view/pass.h"

namespace fl {

struct StageLayout {
  Rect headline;   // title and state, over the landscape
  Rect landscape;  // the 3-D view
  Rect tiles;      // feature wall
  Rect bars;       // class probabilities
  Rect curves;     // loss and accuracy
  Rect footnote;   // what the surface is made of, under the landscape
};

struct StageParts {
  bool tiles = true, bars = true, curves = true;  // none of them: the landscape takes the whole picture
};

// The landscape takes the left 62 % of the width, the others share the right column from top to bottom;
// a picture higher than wide puts the column below.
StageLayout lay_out_stage(VkExtent2D extent, float scale, const StageParts& parts = {});

}  // namespace fl
