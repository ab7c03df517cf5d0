#pragma once
// Where the parts of a picture go. Knows no device, so that a test and a scene file can ask it too.

#include "engine/pass/pass.h"

namespace fl {

struct StageLayout {
  Rect headline;      // title and state, over the landscape
  Rect landscape;     // the 3-D view
  Rect tiles;         // feature wall
  Rect paths;         // which of several descents is whose
  Rect bars;          // class probabilities
  Rect map;           // the embedding
  Rect fate;          // the losses between forks
  Rect curves;        // loss and accuracy
  Rect footnote;      // what the surface is made of, under the landscape
  float padding = 0;  // of the panels, inside

  // Of the landscape's part, what lies under the headline: where a trainability map is.
  [[nodiscard]] Rect under_headline() const;
  // All of it, by so many pixels.
  void move_right(float by);
};

struct StageParts {
  // None of them: the landscape takes the whole picture. `paths` takes the place of the tiles, and so does
  // `map`; `large_map` takes that of the landscape.
  bool tiles = true, bars = true, curves = true, paths = false, map = false, large_map = false;
  bool rates = false;  // a trainability map, in place of the landscape
  bool sweep = false;  // the same of a sweep
  bool fate = false;   // between the legend of paths and the curves
  // False: the others share the whole picture.
  bool landscape = true;
  [[nodiscard]] bool draws_landscape() const { return landscape && !large_map && !rates && !sweep; }
  bool operator==(const StageParts&) const = default;
};

// How much has to be read: what the words are enlarged by, over the picture's own scale, for how many
// classes there is a bar, and how many descents have a line in the legend.
struct StageNeeds {
  float text_scale = 1;
  std::uint32_t class_count = 2;
  std::uint32_t path_count = 0;  // of several descents
};

// Height in pixels of the inside of a panel with a bar for each of so many classes, or for as many as are
// shown at once.
[[nodiscard]] float bars_height(std::uint32_t class_count, float scale);

// Whether feature maps, bars and curves have room beside or below the landscape.
[[nodiscard]] bool column_fits(VkExtent2D extent, float scale);

// The landscape takes the left 62 % of the width, the others share the right column from top to bottom;
// a picture higher than wide puts the column below. `scale` is the picture's, which margins follow. Where
// more classes or larger words need more room, it is taken from the tiles.
StageLayout lay_out_stage(VkExtent2D extent, float scale, const StageParts& parts = {},
                          const StageNeeds& needs = {});

}  // namespace fl
