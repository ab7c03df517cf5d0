#pragma once
// Where the tiles of the feature wall go. The input image stands at the top left, larger than the rest, the
// first layer beside it, the others below; each layer is a block of equal square tiles under its name, a
// layer without width and height is a strip of cells beside its name. Tiles shrink with the resolution of
// their maps, as the maps themselves do, and are as large as the panel allows. What does not fit at a
// readable size is left out and said so.

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/pass/pass.h"

namespace fl {

enum class TileKind { kImage, kMaps, kStrip, kScale };

struct TileBlock {
  std::uint32_t layer = 0;  // index into the layers given
  TileKind kind = TileKind::kMaps;
  bool follows_gap = false;  // layers before it are left out
  std::uint32_t shown = 0;   // tiles drawn: the first channels (an image is one tile whatever its channels)
  int columns = 1, rows = 1;
  float side = 0;         // width of a tile, whole pixels; its height too, but for strips
  float height = 0;       // of a tile
  float gap = 0;          // between rows, whole pixels
  float gap_x = 0;        // between columns: full rows end flush with the panel
  glm::vec2 origin{0};    // top left of the first tile
  glm::vec2 title{0};     // start of the title's baseline
  float title_width = 0;  // room for it
};

// What there is room for: the width of each row, and the height of all rows with the gaps between them.
struct WallRoom {
  std::span<const float> widths;
  float height = 0;
  float gap = 0;     // from row to row
  float beside = 0;  // between the image and the layer beside it
  float least_image = 0;
};

// One block a layer, in order, as large as the room allows, not placed yet; where there is not room for all,
// some between the first and the last are left out.
[[nodiscard]] std::vector<TileBlock> size_tiles(std::span<const FrameLayer> layers, const WallRoom& room,
                                                float scale);
// Whether block i stands beside the one before it, the image.
[[nodiscard]] bool shares_row(std::span<const TileBlock> blocks, std::size_t i);
// Of all its rows of tiles, without the title.
[[nodiscard]] float tiles_height(const TileBlock& block);
// Gives a block that was sized its place: `corner` is the top left of title and tiles together.
void put_block(TileBlock& block, glm::vec2 corner, float scale);

// Whether layer `index` is shown as one picture: the network's input, grey or in colour.
[[nodiscard]] bool is_image(std::span<const FrameLayer> layers, std::uint32_t index);

// To what a wall's words may shrink for one more layer: never below the picture's own scale, and a
// presenter's stay nearly as large as those in the panels beside the wall.
[[nodiscard]] constexpr float least_words(float scale, float picture_scale) {
  constexpr float kLeastShare = 0.82F;
  return std::min(scale, std::max(picture_scale, kLeastShare * scale));
}

// Before a layer of `wanted_blocks` is left out, a presenter's larger words shrink from `scale`, at most to
// `least`: `blocks` and `scale` become the largest for which `lay_out` finds room for most layers.
template <typename LayOut, typename Blocks>
void shrink_until_whole(std::size_t wanted_blocks, float from, float least, Blocks& blocks, float& scale,
                        const LayOut& lay_out) {
  constexpr float kStep = 0.93F;
  for (float smaller = from; blocks.size() < wanted_blocks && smaller > least;) {
    smaller = std::max(least, kStep * smaller);
    Blocks found = lay_out(smaller);
    if (found.size() <= blocks.size()) continue;
    blocks = std::move(found);
    scale = smaller;
  }
}

// The flat wall: one block a layer, in order, all inside `panel`; layers for which no room is left have no
// block.
[[nodiscard]] std::vector<TileBlock> lay_out_tiles(std::span<const FrameLayer> layers, const Rect& panel,
                                                   float scale);

}  // namespace fl
