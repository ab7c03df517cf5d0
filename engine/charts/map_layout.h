#pragma once
// Where the parts of the map of a head's embeddings go, and its words; knows no device.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

// Of the chosen image, over the other pictures'.
inline constexpr float kShownSize = 1.25F;

struct MapLayout {
  Rect plot;  // a square; empty where there is no room for one
  float scale = 1;
  float picture = 0;           // longer side of a thumbnail, pixels
  float line = 0;              // width of its frame
  std::uint32_t pictures = 0;  // so many of the images are shown as thumbnails, the others as marks
  glm::vec2 shown{0};  // where the chosen image is drawn, in the plane: at the edge where it lies beyond
  struct Key {
    std::uint32_t label = 0;
    glm::vec2 middle{0};
  };
  float mark_scale = 1;   // of marks and arrows
  std::vector<Key> keys;  // the legend's marks
  float key = 0;          // their radius
  std::vector<ScreenLabel> labels;
};

// In `panel`: title, how many images are pictures, and the classes above the square, the components' names at
// its edges, what the marks mean on its right where there is room.
[[nodiscard]] MapLayout lay_out_map(const PassContext& context, const Rect& panel, const StageTexts& texts,
                                    const Font& font);

// So many of the images as pictures stand clear of each other where a picture takes `side` in the plane's
// units.
[[nodiscard]] std::uint32_t pictures_apart(const MapFacts& map, float side);
// Where an arrow ends, in pixels from where it begins; see shaders/shared/map.h.
[[nodiscard]] glm::vec2 arrow_on_map(const MapFacts& map, const MapClass& of, float plot_side);

}  // namespace fl
