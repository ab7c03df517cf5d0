#pragma once
// Where the tiles of the feature wall go. The input image stands at the top left, larger than the rest, the
// first layer beside it, the others below; each layer is a block of equal square tiles under its name, a
// layer without width and height is a strip of cells beside its name. Tiles shrink with the resolution of
// their maps, as the maps themselves do, and are as large as the panel allows. What does not fit at a
// readable size is left out and said so.

#include <span>
#include <vector>

#include "engine/view/pass.h"

namespace fl {

enum class TileKind { kImage, kMaps, kStrip };

struct TileBlock {
  std::uint32_t layer = 0;  // index into the layers given
  TileKind kind = TileKind::kMaps;
  std::uint32_t shown = 0;  // tiles drawn: the first channels (an image is one tile whatever its channels)
  int columns = 1, rows = 1;
  float side = 0;         // width of a tile, whole pixels; its height too, but for strips
  float height = 0;       // of a tile
  float gap = 0;          // between rows, whole pixels
  float gap_x = 0;        // between columns: full rows end flush with the panel
  glm::vec2 origin{0};    // top left of the first tile
  glm::vec2 title{0};     // start of the title's baseline
  float title_width = 0;  // room for it
};

// One block a layer, in order, all inside `panel`; layers for which no room is left have no block.
[[nodiscard]] std::vector<TileBlock> lay_out_tiles(std::span<const FrameLayer> layers, const Rect& panel,
                                                   float scale);

}  // namespace fl
