#include "engine/wall/room_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/pass/panel.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kMargin = 7,
                kLowMargin = 4;   // of a card, to the sides, and above and below what stands on it
constexpr float kGap = 3;         // that is seen of the floor between a card and the one behind it
constexpr float kShadowRoom = 8;  // below the first card
constexpr float kStepBack = 9;    // of the first layer behind the input, which it stands beside
constexpr float kLeastImage = 60;
constexpr float kLeastCard = 170;
constexpr float kFull = 0.85F;    // share of a card that tiles must fill
constexpr float kMostSpread = 9;  // added to the gap where there is room to spare
// How much smaller the last card is than the first.
constexpr float kFarthest = 0.82F;
// Of the lower edge of the first card: to the right it goes back.
constexpr float kSlope = 0.068F;
constexpr float kMostRise = 0.075F;  // of that edge, as a share of the room's height

// The floor in perspective: left edges run to (vanishing, horizon), and a card's scale is its share of
// the way down from the horizon to the first card.
class Floor {
 public:
  Floor(const Rect& area, float scale)
      : right_(area.right()),
        left_(area.x),
        front_(area.bottom() - std::round(kShadowRoom * scale)),
        horizon_(front_ - area.height / (1 - kFarthest)),
        turn_(std::min(kSlope, kMostRise * area.height / area.width) / (front_ - horizon_)) {}

  [[nodiscard]] float front() const { return front_; }
  [[nodiscard]] float share(float y) const { return (y - horizon_) / (front_ - horizon_); }
  [[nodiscard]] float left(float y) const { return right_ + (left_ - right_) * share(y); }
  [[nodiscard]] float width(float y) const { return right_ - left(y); }
  // How much higher the line at `y` is at the right edge than at the left, at most.
  [[nodiscard]] float rise(float y) const { return (y - horizon_) * (1 - 1 / (1 + turn_ * width(front_))); }
  // A card farther back begins farther right, and so rises less up to any place: by so much.
  [[nodiscard]] float lag(float foot, float foot_behind) const {
    return (foot_behind - horizon_) * turn_ * (left(foot_behind) - left(foot));
  }
  // Of a card whose foot is at `y`.
  [[nodiscard]] glm::mat3 plane(float y) const {
    const float x = left(y);
    return {{1 + right_ * turn_, horizon_ * turn_, turn_},
            {0, 1, 0},
            {-right_ * x * turn_, -horizon_ * x * turn_, 1 - x * turn_}};
  }

 private:
  float right_, left_, front_, horizon_, turn_;
};

struct Measures {
  float scale, margin, low_margin, gap, step_back;
  explicit Measures(float s)
      : scale(s),
        margin(std::round(kMargin * s)),
        low_margin(std::round(kLowMargin * s)),
        gap(std::round(kGap * s)),
        step_back(std::round(kStepBack * s)) {}
};

RoomCard make_card(const Floor& floor, const Rect& ground, const Measures& m) {
  const Rect inside{ground.x + m.margin, ground.y + m.low_margin, ground.width - 2 * m.margin,
                    ground.height - 2 * m.low_margin};
  return {ground, inside, floor.plane(ground.bottom())};
}

// Of title and tiles.
float inner_height(const TileBlock& block, float scale) {
  TileBlock placed = block;
  put_block(placed, {0, 0}, scale);
  return placed.origin.y + tiles_height(block);
}

// Of a row's cards, margins included; 0 for the second of two that share a row.
float row_height(std::span<const TileBlock> blocks, std::size_t i, const Measures& m) {
  if (shares_row(blocks, i)) return 0;
  float height = inner_height(blocks[i], m.scale);
  if (i == 0 && blocks.size() > 1 && shares_row(blocks, 1))
    height = std::max(height, inner_height(blocks[1], m.scale) + m.step_back);
  return height + 2 * m.low_margin;
}

// Where each block's card stands, and behind them the bars'.
std::vector<float> feet_of(std::span<const TileBlock> blocks, const Floor& floor, float gap,
                           const Measures& m) {
  std::vector<float> feet;
  float foot = floor.front();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    feet.push_back(shares_row(blocks, i) ? floor.front() - m.step_back : foot);
    const float height = row_height(blocks, i, m);
    if (height <= 0) continue;
    const float behind = foot - height - gap;
    foot = behind - floor.lag(foot, behind);
  }
  feet.push_back(foot);
  return feet;
}

// Sized for the widths that the floor has where the cards stand: they stand farther back the higher the
// others are, so this is found by turns.
std::vector<TileBlock> size_cards(std::span<const FrameLayer> layers, const Floor& floor, float height,
                                  const Measures& m) {
  std::vector<float> feet(layers.size() + 1);
  for (std::size_t i = 0; i < feet.size(); ++i)
    feet[i] = floor.front() - height * static_cast<float>(i) / static_cast<float>(feet.size());
  std::vector<TileBlock> blocks;
  for (int turn = 0; turn < 3; ++turn) {
    std::vector<float> widths;  // of rows; where there are fewer feet than layers, the last is the farthest
    for (std::size_t i = 0; i < layers.size(); ++i)
      widths.push_back(std::floor(floor.width(feet[std::min(i, feet.size() - 1)])) - 2 * m.margin);
    blocks = size_tiles(layers,
                        {.widths = widths,
                         .height = height - 2 * m.low_margin,
                         .gap = 2 * m.low_margin + m.gap,
                         .beside = 2 * m.margin + m.gap,
                         .least_image = kLeastImage * m.scale},
                        m.scale);
    feet = feet_of(blocks, floor, m.gap, m);
  }
  return blocks;
}

TileCard stand(const Floor& floor, TileBlock block, float left, float foot, bool beside, const Measures& m) {
  const float height = inner_height(block, m.scale) + 2 * m.low_margin;
  // As wide as the floor, but the first two: a card that is mostly empty looks as if something were missing.
  const float right = floor.left(foot) + floor.width(foot);
  const auto columns = static_cast<float>(block.columns);
  const float tiles = columns * block.side + (columns - 1) * block.gap_x;
  float width = right - left;
  if (block.kind == TileKind::kImage) width = block.side + 2 * m.margin;
  if (beside && tiles < kFull * width)
    width = std::min(width, std::ceil(std::max(tiles, kLeastCard * m.scale)) + 2 * m.margin);
  TileCard card{make_card(floor, {left, foot - height, width, height}, m), block};
  put_block(card.block, {card.inside.x, card.inside.y}, m.scale);
  card.block.title_width = std::min(card.block.title_width, card.inside.width);
  return card;
}

}  // namespace

Room lay_out_room(std::span<const FrameLayer> layers, const Rect& area, float scale, float bars_height) {
  Room room;
  if (area.width <= 0 || area.height <= 0 || scale <= 0) return room;
  const Measures m(scale);
  const Floor floor(area, scale);
  const float bars = bars_height > 0 ? std::ceil(bars_height) + 2 * m.low_margin : 0;
  const float top = area.y + std::ceil(floor.rise(area.y));
  const float height = floor.front() - top - bars - (bars > 0 ? m.gap : 0) - m.step_back -
                       std::ceil(floor.lag(floor.front(), top));
  const std::vector<TileBlock> blocks = size_cards(layers, floor, height, m);

  // What is left of the height becomes floor between the cards.
  const std::vector<float> close = feet_of(blocks, floor, m.gap, m);
  const float spare = close.back() - bars - top;
  const float rows = static_cast<float>(blocks.size());
  const float gap = m.gap + std::floor(std::clamp(spare / std::max(rows, 1.0F), 0.0F, kMostSpread * scale));
  const std::vector<float> feet = feet_of(blocks, floor, gap, m);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    float left = std::ceil(floor.left(feet[i]));
    const bool beside = shares_row(blocks, i);
    if (beside) left = std::max(left, room.tiles[0].ground.right() + m.gap);
    room.tiles.push_back(stand(floor, blocks[i], left, feet[i], beside, m));
  }
  if (bars <= 0) return room;
  const float left = std::ceil(floor.left(feet.back()));
  room.bars = make_card(floor, {left, feet.back() - bars, area.right() - left, bars}, m);
  return room;
}

}  // namespace fl
