#pragma once
// The feature wall as cards that stand in a room, one behind the other: the input slice in front, each layer
// farther back, the class probabilities last. A camera with its back upright (as architects photograph: what
// stands upright stays upright) looks at them from the left and from above. Knows no device.

#include <span>
#include <vector>

#include <glm/mat3x3.hpp>

#include "engine/wall/tiles_layout.h"

namespace fl {

// `ground` and what stands on it are in the card's own pixels, which are the picture's at the card's left
// edge; `plane` takes them to the picture.
struct RoomCard {
  Rect ground;
  Rect inside;  // of the ground, without its margin
  glm::mat3 plane{1};
};

struct TileCard : RoomCard {
  TileBlock block;
};

struct Room {
  std::vector<TileCard> tiles;  // front to back
  RoomCard bars;                // behind all of them; its ground is empty where no bars are wanted
};

// All cards lie inside `area`, none over another. `bars_height`: of the inside of the bars' card in pixels, 0
// for none. Layers for which no room is left have no card.
[[nodiscard]] Room lay_out_room(std::span<const FrameLayer> layers, const Rect& area, float scale,
                                float bars_height);

}  // namespace fl
