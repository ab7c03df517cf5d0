#include "engine/wall/tiles_layout.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

// All in pixels at scale 1.
constexpr float kTitleHeight = 21;  // from a title's top to the tiles under it
constexpr float kTitleBaseline = 14;
constexpr float kBlockGap = 11;
constexpr float kTileGap = 3;
constexpr float kMostSpread = 3;
constexpr float kLeastTile = 20;  // below this a map is a smudge on a projector
constexpr float kLargestTile = 132;
constexpr float kLeastImage = 72;
constexpr float kStripHeight = 18;
constexpr float kStripBaseline = 14;
constexpr float kStripNameWidth = 150;
constexpr float kStripNameGap = 10;
constexpr float kLeastCell = 4;
constexpr float kLargestCell = 44;
constexpr float kImageShare = 0.34F;  // of the panel's width or height, for the input

bool is_strip(const FrameLayer& layer) {
  return layer.height == 1 && layer.width == 1;
}

int columns_for(const TileBlock& block) {
  return std::max(1, static_cast<int>((block.title_width + block.gap) / (block.side + block.gap)));
}

float block_height(const TileBlock& block) {
  return static_cast<float>(block.rows) * (block.height + block.gap) - block.gap;
}

// Rows that hold all channels at the block's tile size.
void arrange(TileBlock& block, std::uint32_t channels) {
  block.columns = std::min(columns_for(block), static_cast<int>(channels));
  block.rows = (static_cast<int>(channels) + block.columns - 1) / block.columns;
  block.shown = channels;
  block.height = block.side;
}

class Wall {
 public:
  // `shown`: of the layers, in order.
  Wall(std::span<const FrameLayer> layers, std::span<const std::uint32_t> shown, const WallRoom& room,
       float scale)
      : layers_(layers), room_(room), scale_(scale), title_(std::round(kTitleHeight * scale)) {
    for (const std::uint32_t i : shown) add(i);
  }

  // False where even one row of the least tiles a layer is too high.
  bool fit() {
    while (height() > room_.height && shrink()) {
    }
    while (height() > room_.height && drop_row()) {
    }
    if (height() > room_.height) return false;
    fill_width();
    for (TileBlock& block : blocks_) justify(block);
    return true;
  }
  std::vector<TileBlock> blocks() && { return std::move(blocks_); }

 private:
  void add(std::uint32_t index) {
    const FrameLayer& layer = layers_[index];
    TileBlock block;
    block.layer = index;
    block.gap = std::max(1.0F, std::round(kTileGap * scale_));
    const float width = room_.widths[blocks_.size()];
    block.title_width = width;
    if (is_strip(layer)) {
      make_strip(block, layer);
    } else if (is_image(layers_, index)) {
      block.kind = TileKind::kImage;
      // In a low room still as wide as its own name, where that leaves the maps beside it their place.
      const float share = kImageShare * std::min(width, room_.height);
      block.side = block.height = std::floor(std::max(share, std::min(room_.least_image, width / 4)));
      block.title_width = block.side + std::round(kBlockGap * scale_);
      block.shown = 1;
    } else {
      // The first layer of maps shares the image's rows.
      if (blocks_.size() == 1 && blocks_[0].kind == TileKind::kImage) {
        block.title_width = width - blocks_[0].side - room_.beside;
        beside_image_ = true;
      }
      block.side = std::floor(std::min(kLargestTile * scale_, block.title_width));
      if (block.side < 1) return;
      arrange(block, layer.channels);
    }
    blocks_.push_back(block);
  }

  void make_strip(TileBlock& block, const FrameLayer& layer) const {
    block.kind = TileKind::kStrip;
    // The name takes the left part, at most so much.
    constexpr float kMostName = 0.42F;
    const float name = std::floor(std::min(kStripNameWidth * scale_, kMostName * block.title_width));
    const float room = block.title_width - name;
    block.title_width = name - std::round(kStripNameGap * scale_);
    const auto channels = static_cast<float>(layer.channels);
    // Narrow cells have no gaps, or the gaps would be all one sees.
    block.side = std::floor((room + block.gap) / channels) - block.gap;
    if (block.side < 3 * block.gap) {
      block.gap = 0;
      block.side = std::max(room / channels, std::round(kLeastCell * scale_));
    }
    block.side = std::min(block.side, std::round(kLargestCell * scale_));
    block.height = std::round(kStripHeight * scale_);
    const int most = static_cast<int>((room + block.gap) / (block.side + block.gap));
    block.columns = std::clamp(most, 1, static_cast<int>(layer.channels));
    block.shown = static_cast<std::uint32_t>(block.columns);
    block.gap_x = block.gap;
    block.origin.x = name;
  }

  [[nodiscard]] bool is_beside(std::size_t i) const { return beside_image_ && i == 1; }

  // Height of row i, where the first two blocks may stand side by side; 0 for the second of these.
  [[nodiscard]] float row_height(std::size_t i) const {
    if (is_beside(i)) return 0;
    float tallest = block_height(blocks_[i]);
    if (i == 0 && beside_image_ && blocks_.size() > 1) tallest = std::max(tallest, block_height(blocks_[1]));
    return tallest;
  }

  [[nodiscard]] float height() const {
    float sum = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (is_beside(i)) continue;
      sum += title_height(i) + row_height(i) + (sum > 0 ? room_.gap : 0);
    }
    return sum;
  }

  [[nodiscard]] float title_height(std::size_t i) const {
    return blocks_[i].kind == TileKind::kStrip ? 0 : title_;
  }

  // What has to shrink for row i to become lower: of two that stand side by side, the taller. Null when
  // that is at its least already.
  TileBlock* limiting(std::size_t i) {
    TileBlock* block = &blocks_[i];
    if (is_beside(i) && block_height(*block) < blocks_[0].side) block = &blocks_[0];
    const float least = block->kind == TileKind::kImage ? room_.least_image : kLeastTile * scale_;
    return block->side - 1 < least ? nullptr : block;
  }

  // Makes the tiles smaller that are largest for what they show. False when all are at their least.
  bool shrink() {
    TileBlock* largest = nullptr;
    float excess = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (blocks_[i].kind != TileKind::kMaps) continue;
      const FrameLayer& layer = layers_[blocks_[i].layer];
      const float relative =
          blocks_[i].side / std::sqrt(static_cast<float>(std::max(layer.width, layer.height)));
      if (relative <= excess) continue;
      if (TileBlock* block = limiting(i)) {
        excess = relative;
        largest = block;
      }
    }
    if (largest == nullptr) return false;
    largest->side -= 1;
    if (largest->kind == TileKind::kImage) {
      largest->height -= 1;
      largest->title_width -= 1;
      blocks_[1].title_width += 1;
    } else {
      arrange(*largest, layers_[largest->layer].channels);
    }
    return true;
  }

  // Leaves out the last row of the block that has most, of the deepest of these. False when all have one.
  bool drop_row() {
    TileBlock* longest = nullptr;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      TileBlock& block = blocks_[i];
      if (block.kind != TileKind::kMaps || block.rows == 1) continue;
      if (is_beside(i) && block_height(block) <= block_height(blocks_[0])) continue;
      if (longest == nullptr || block.rows >= longest->rows) longest = &block;
    }
    if (longest == nullptr) return false;
    --longest->rows;
    longest->shown = std::min(longest->shown, static_cast<std::uint32_t>(longest->rows * longest->columns));
    return true;
  }

  // Evens the rows out, then lets tiles grow into what is left of the width while the wall still fits.
  void fill_width() {
    for (TileBlock& block : blocks_) {
      if (block.kind != TileKind::kMaps) continue;
      if (block.shown == layers_[block.layer].channels) {
        block.columns = (static_cast<int>(block.shown) + block.rows - 1) / block.rows;
      }
      while (block.side < kLargestTile * scale_) {
        TileBlock grown = block;
        grown.side += 1;
        grown.height = grown.side;
        if (grown.side > block.title_width || columns_for(grown) < grown.columns) break;
        std::swap(block, grown);
        if (height() <= room_.height) continue;
        std::swap(block, grown);
        break;
      }
    }
  }

  // Spreads full rows to the panel's edge, where that takes little.
  void justify(TileBlock& block) const {
    if (block.kind != TileKind::kMaps) return;
    block.gap_x = block.gap;
    if (block.columns < 2) return;
    const auto columns = static_cast<float>(block.columns);
    const float spread = (block.title_width - columns * block.side) / (columns - 1);
    if (spread < block.gap + kMostSpread * scale_) block.gap_x = spread;
  }

  std::span<const FrameLayer> layers_;
  const WallRoom& room_;
  float scale_;
  float title_;
  bool beside_image_ = false;
  std::vector<TileBlock> blocks_;
};

}  // namespace

std::vector<TileBlock> size_tiles(std::span<const FrameLayer> layers, const WallRoom& room, float scale) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < layers.size(); ++i)
    if (layers[i].channels > 0 && layers[i].height > 0 && layers[i].width > 0) all.push_back(i);
  // Fewer layers until they fit, each time from the largest tiles, so that those that stay fill the room.
  // Those that stay are the first, the last and some as far apart as can be.
  for (std::size_t count = all.size(); count > 0; --count) {
    std::vector<std::uint32_t> shown;
    for (std::size_t i = 0; i < count; ++i)
      shown.push_back(count == 1 ? all[0] : all[(i * (all.size() - 1) + (count - 1) / 2) / (count - 1)]);
    Wall wall(layers, shown, room, scale);
    if (!wall.fit()) continue;
    std::vector<TileBlock> blocks = std::move(wall).blocks();
    for (std::size_t i = 0, next = 0; i < blocks.size(); ++i) {
      const auto place = static_cast<std::size_t>(std::ranges::find(all, blocks[i].layer) - all.begin());
      blocks[i].follows_gap = place > next;
      next = place + 1;
    }
    return blocks;
  }
  return {};
}

bool is_image(std::span<const FrameLayer> layers, std::uint32_t index) {
  const std::uint32_t channels = layers[index].channels;
  return index == 0 && !is_strip(layers[index]) && (channels == 1 || channels == 3);
}

bool shares_row(std::span<const TileBlock> blocks, std::size_t i) {
  return i == 1 && blocks[0].kind == TileKind::kImage && blocks[1].kind == TileKind::kMaps;
}

float tiles_height(const TileBlock& block) {
  return block_height(block);
}

void put_block(TileBlock& block, glm::vec2 corner, float scale) {
  const bool strip = block.kind == TileKind::kStrip;
  block.title = corner + glm::vec2{0, std::round((strip ? kStripBaseline : kTitleBaseline) * scale)};
  block.origin = corner + glm::vec2{block.origin.x, strip ? 0.0F : std::round(kTitleHeight * scale)};
}

std::vector<TileBlock> lay_out_tiles(std::span<const FrameLayer> layers, const Rect& panel, float scale) {
  const Rect whole{std::ceil(panel.x), std::ceil(panel.y), std::floor(panel.right()) - std::ceil(panel.x),
                   std::floor(panel.bottom()) - std::ceil(panel.y)};
  if (whole.width <= 0 || whole.height <= 0 || scale <= 0) return {};
  const std::vector<float> widths(layers.size(), whole.width);
  const WallRoom room{.widths = widths,
                      .height = whole.height,
                      .gap = std::round(kBlockGap * scale),
                      .beside = std::round(kBlockGap * 1.5F * scale),
                      .least_image = kLeastImage * scale};
  std::vector<TileBlock> blocks = size_tiles(layers, room, scale);
  float top = whole.y;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (shares_row(blocks, i)) continue;
    put_block(blocks[i], {whole.x, top}, scale);
    float bottom = blocks[i].origin.y + block_height(blocks[i]);
    if (i == 0 && blocks.size() > 1 && shares_row(blocks, 1)) {
      put_block(blocks[1], {whole.right() - blocks[1].title_width, top}, scale);
      bottom = std::max(bottom, blocks[1].origin.y + block_height(blocks[1]));
    }
    top = bottom + room.gap;
  }
  return blocks;
}

}  // namespace fl
