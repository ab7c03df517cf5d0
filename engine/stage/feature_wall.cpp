#include "engine/stage/feature_wall.h"

#include <algorithm>
#include <cmath>

#include <glm/matrix.hpp>

#include "engine/pass/plane.h"

namespace fl {
namespace {

constexpr glm::vec2 kLeastRoom{330, 215};
// Pixels at scale 1.
constexpr float kCardRadius = 5;
constexpr float kShadow = 16;
constexpr float kShadowStrength = 0.62F;  // of the theme's contour lines

struct RoomWall {
  Room room;
  float scale = 1;  // of the words
};

RoomWall arrange_room(const WallSetting& setting) {
  const Rect& tiles = setting.layout.tiles;
  const bool bars = setting.parts.bars && setting.frame.facts.class_count > 0;
  Rect area = tiles;
  if (setting.parts.bars) area.height = setting.layout.bars.bottom() - tiles.y;
  const std::span<const FrameLayer> layers = frame_layers(setting.frame, bars);
  const auto lay_out = [&](float scale) {
    const float height = bars ? bars_height(setting.frame.facts.class_count, scale) : 0;
    return lay_out_room(layers, area, scale, std::min(height, 0.45F * area.height));
  };
  RoomWall wall;
  wall.scale =
      std::max(0.1F, std::min({setting.scale, area.width / kLeastRoom.x, area.height / kLeastRoom.y}));
  wall.room = lay_out(wall.scale);
  std::vector<TileCard> cards = wall.room.tiles;
  shrink_until_whole(layers.size(), wall.scale, least_words(wall.scale, setting.picture_scale), cards,
                     wall.scale, [&](float smaller) { return lay_out(smaller).tiles; });
  if (cards.size() > wall.room.tiles.size()) wall.room = lay_out(wall.scale);
  return wall;
}

std::optional<TileChoice> tile_in(const TileBlock& block, glm::vec2 at) {
  const glm::vec2 pitch{block.side + block.gap_x, block.height + block.gap};
  const glm::vec2 cell = glm::floor((at - block.origin) / pitch);
  const glm::vec2 inside = at - block.origin - cell * pitch;
  if (cell.x < 0 || cell.y < 0 || cell.x >= static_cast<float>(block.columns) || inside.x > block.side ||
      inside.y > block.height)
    return {};
  const auto channel = static_cast<std::uint32_t>(cell.y * static_cast<float>(block.columns) + cell.x);
  if (channel >= block.shown) return {};
  return TileChoice{block.layer, channel};
}

// A layer's tiles and the plane they lie on, the picture's own where the wall is flat.
struct TilesOnPlane {
  TileBlock block;
  glm::mat3 plane{1};
};

// Front to back.
std::vector<TilesOnPlane> tiles_in_sight(const WallSetting& setting, const WallView& view) {
  std::vector<TilesOnPlane> all;
  if (!setting.parts.tiles) return all;
  if (view.room) {
    for (const TileCard& card : arrange_room(setting).room.tiles) all.push_back({card.block, card.plane});
    return all;
  }
  const Rect inside = inset(snapped(setting.layout.tiles), setting.layout.padding);
  for (const TileBlock& block :
       arrange_flat(setting.frame, inside, setting.scale, setting.picture_scale, setting.parts.bars).blocks)
    all.push_back({block});
  return all;
}

}  // namespace

FeatureWall::FeatureWall(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font), panels_(&panels), tiles_(setup, font), bars_(setup, font, panels) {}

void FeatureWall::draw(const PassContext& context, const StageLayout& layout, const StageParts& parts,
                       const WallView& view, const StageTexts& texts,
                       std::vector<ScreenLabel>& labels_out) const {
  const bool enlarged = view.tile && can_enlarge(context.frame, *view.tile);
  if (parts.tiles && view.room && !enlarged && context.slot_set != VK_NULL_HANDLE) {
    draw_room(context, layout, parts, texts, labels_out);
    return;
  }
  if (parts.tiles) {
    const Rect inside = panels_->draw_ground(context, layout.tiles, layout.padding);
    if (enlarged)
      tiles_.draw_close_up(context, inside, *view.tile, texts, labels_out);
    else
      tiles_.draw(context, inside, texts, labels_out, parts.bars);
  }
  if (parts.bars)
    bars_.draw(context, panels_->draw_ground(context, layout.bars, layout.padding), texts, labels_out);
}

// Cards of the room stand inside the rectangles of tiles and bars; their shadows fade out around them.
Rect FeatureWall::place(const PassContext& context, const StageLayout& layout, const StageParts& parts) {
  Rect all{};
  if (parts.tiles) all = around(all, layout.tiles);
  if (parts.bars) all = around(all, layout.bars);
  return all.empty() ? all : inset(snapped(all), -std::ceil(1.5F * kShadow * context.picture_scale) - 2);
}

void FeatureWall::draw_room(const PassContext& context, const StageLayout& layout, const StageParts& parts,
                            const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const {
  const RoomWall wall = arrange_room({context.frame, layout, parts, context.scale, context.picture_scale});
  PassContext standing = context;
  // From the back, so that each card's shadow falls on the one behind it.
  if (const RoomCard& card = wall.room.bars; card.ground.height > 0) {
    standing.plane = card.plane;
    draw_card(standing, card, context.picture_scale);
    const std::size_t first = labels_out.size();
    standing.scale = wall.scale;
    bars_.draw(standing, card.inside, texts, labels_out);
    put_on_plane(std::span(labels_out).subspan(first), card.plane);
  }
  for (auto card = wall.room.tiles.rbegin(); card != wall.room.tiles.rend(); ++card) {
    standing.plane = card->plane;
    draw_card(standing, *card, context.picture_scale);
    const std::size_t first = labels_out.size();
    tiles_.draw_block(standing, card->block, wall.scale, texts, labels_out);
    put_on_plane(std::span(labels_out).subspan(first), card->plane);
  }
}

void FeatureWall::draw_card(const PassContext& context, const RoomCard& card, float scale) const {
  const Theme& theme = context.theme;
  const float spread = kShadow * scale;
  const Rect& ground = card.ground;
  const Panel shadow{
      .rect = {ground.x + spread / 4, ground.y + spread / 4, ground.width - spread / 4, ground.height},
      .fill = faded(theme.contour, kShadowStrength),
      .radius = spread / 2,
      .softness = spread};
  const Panel face{.rect = ground,
                   .fill = theme.panel,
                   .border_color = theme.grid,
                   .radius = kCardRadius * scale,
                   .border = std::max(1.0F, scale)};
  panels_->draw(context, shadow);
  panels_->draw(context, face);
}

std::optional<TileChoice> tile_at(const WallSetting& setting, const WallView& view, glm::vec2 pixel) {
  for (const TilesOnPlane& one : tiles_in_sight(setting, view)) {
    const std::optional<TileChoice> tile = tile_in(one.block, on_plane(glm::inverse(one.plane), pixel));
    if (tile && can_enlarge(setting.frame, *tile)) return tile;
  }
  return {};
}

std::optional<glm::vec2> tile_middle(const WallSetting& setting, const WallView& view,
                                     const TileChoice& tile) {
  if (view.tile || !can_enlarge(setting.frame, tile)) return {};
  for (const auto& [block, plane] : tiles_in_sight(setting, view)) {
    if (block.layer != tile.layer || tile.channel >= block.shown) continue;
    const auto columns = static_cast<std::uint32_t>(block.columns);
    const glm::vec2 cell{tile.channel % columns, tile.channel / columns};
    const glm::vec2 side{block.side, block.height};
    return on_plane(plane, block.origin + cell * (side + glm::vec2{block.gap_x, block.gap}) + side / 2.0f);
  }
  return {};
}

}  // namespace fl
