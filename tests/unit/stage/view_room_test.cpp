// The feature wall in the room: cards stand in order, none over another, none outside, and what is drawn at a
// place is what a click there means. And planes, which carry them.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>
#include <gtest/gtest.h>

#include "engine/pass/plane.h"
#include "engine/wall/close_up.h"
#include "engine/wall/room_layout.h"

namespace fl {
namespace {

FrameLayer layer(std::uint32_t channels, std::uint32_t side) {
  return {.channels = channels, .height = side, .width = side};
}

const std::vector<FrameLayer> kUsual = {layer(1, 64),  layer(16, 64), layer(32, 32),
                                        layer(64, 16), layer(64, 8),  layer(64, 1)};

std::array<glm::vec2, 4> corners(const RoomCard& card) {
  const Rect& g = card.ground;
  return {on_plane(card.plane, {g.x, g.y}), on_plane(card.plane, {g.right(), g.y}),
          on_plane(card.plane, {g.right(), g.bottom()}), on_plane(card.plane, {g.x, g.bottom()})};
}

bool inside(const std::array<glm::vec2, 4>& quad, glm::vec2 at) {
  for (std::size_t i = 0; i < 4; ++i) {
    const glm::vec2 edge = quad[(i + 1) % 4] - quad[i], to = at - quad[i];
    if (edge.x * to.y - edge.y * to.x < 0.01F) return false;
  }
  return true;
}

void expect_apart(const RoomCard& a, const RoomCard& b) {
  const auto of_a = corners(a), of_b = corners(b);
  for (std::size_t i = 0; i < 4; ++i)
    for (int k = 0; k < 40; ++k) {
      const float t = static_cast<float>(k) / 40;
      EXPECT_FALSE(inside(of_a, of_b[i] + t * (of_b[(i + 1) % 4] - of_b[i])));
      EXPECT_FALSE(inside(of_b, of_a[i] + t * (of_a[(i + 1) % 4] - of_a[i])));
    }
}

TEST(RoomLayout, CardsStandInOrderInsideTheRoomAndApart) {
  for (const float width : {240.F, 472.F, 900.F})
    for (const float height : {200.F, 432.F, 800.F})
      for (const float scale : {0.5F, 1.F, 1.5F})
        for (const float bars : {0.F, 73.F}) {
          SCOPED_TRACE(testing::Message()
                       << width << " x " << height << " at " << scale << ", bars " << bars);
          const Rect area{800, 14, width, height};
          const Room room = lay_out_room(kUsual, area, scale, bars * scale);
          std::vector<RoomCard> cards(room.tiles.begin(), room.tiles.end());
          if (room.bars.ground.height > 0) cards.push_back(room.bars);
          if (height > 400 && scale <= 1) {
            EXPECT_EQ(room.tiles.size(), kUsual.size());
          }
          for (std::size_t i = 0; i < cards.size(); ++i) {
            for (const glm::vec2 at : corners(cards[i])) {
              EXPECT_GE(at.x, area.x - 0.5F);
              EXPECT_LE(at.x, area.right() + 0.5F);
              EXPECT_GE(at.y, area.y - 0.5F);
              EXPECT_LE(at.y, area.bottom() + 0.5F);
            }
            for (std::size_t k = 0; k < i; ++k) expect_apart(cards[k], cards[i]);
            // Behind those before it: farther up, and smaller.
            if (i > 0) {
              EXPECT_LT(cards[i].ground.bottom(), cards[i - 1].ground.bottom());
            }
          }
          for (std::size_t i = 1; i < room.tiles.size(); ++i)
            EXPECT_GT(room.tiles[i].block.layer, room.tiles[i - 1].block.layer);
        }
}

TEST(RoomLayout, TilesStandOnTheirCards) {
  const Room room = lay_out_room(kUsual, {800, 14, 472, 432}, 1, 73);
  for (const TileCard& card : room.tiles) {
    const TileBlock& block = card.block;
    EXPECT_GE(block.origin.x, card.ground.x);
    EXPECT_LE(block.origin.x + static_cast<float>(block.columns) * (block.side + block.gap_x) - block.gap_x,
              card.ground.right());
    EXPECT_GE(block.title.y, card.ground.y);
    EXPECT_LE(block.origin.y + tiles_height(block), card.ground.bottom());
    EXPECT_LE(block.title_width, card.inside.width);
    if (block.kind == TileKind::kMaps) {
      EXPECT_GE(block.side, 20);
    }
  }
}

TEST(RoomLayout, OfTooManyLayersTheFirstAndTheLastStay) {
  std::vector<FrameLayer> many{layer(1, 64)};
  for (int i = 0; i < 12; ++i) many.push_back(layer(32, 16));
  many.push_back(layer(64, 1));
  const Room room = lay_out_room(many, {800, 14, 472, 432}, 1, 73);
  ASSERT_GT(room.tiles.size(), 3U);
  ASSERT_LT(room.tiles.size(), many.size());
  EXPECT_EQ(room.tiles.front().block.layer, 0U);
  EXPECT_EQ(room.tiles.back().block.layer, 13U);
  EXPECT_TRUE(std::ranges::any_of(room.tiles, [](const TileCard& card) { return card.block.follows_gap; }));
  EXPECT_FALSE(room.tiles.front().block.follows_gap);
}

TEST(RoomLayout, NoRoomNoCards) {
  EXPECT_TRUE(lay_out_room(kUsual, {0, 0, 0, 100}, 1, 0).tiles.empty());
  EXPECT_TRUE(lay_out_room(kUsual, {0, 0, 100, 12}, 1, 0).tiles.empty());
  EXPECT_TRUE(lay_out_room({}, {0, 0, 472, 432}, 1, 0).tiles.empty());
}

TEST(Plane, TheLeftEdgeIsThePicturesOwn) {
  const Room room = lay_out_room(kUsual, {800, 14, 472, 432}, 1, 73);
  for (const TileCard& card : room.tiles) {
    if (card.block.layer == 1) continue;  // it stands beside the first
    const glm::vec2 at = on_plane(card.plane, {card.ground.x, card.ground.y});
    EXPECT_NEAR(at.x, card.ground.x, 1.0F);
    EXPECT_NEAR(at.y, card.ground.y, 1.0F);
  }
}

TEST(Plane, LabelsAreTurnedAsThePlaneIs) {
  const glm::mat3 plane{{1.1F, -0.2F, 1e-4F}, {0.1F, 0.9F, -2e-4F}, {30, 40, 0.95F}};
  ScreenLabel label{.text = "loss", .pixel = {200, 120}};
  const glm::vec2 at = label.pixel;
  put_on_plane({&label, 1}, plane);
  EXPECT_NEAR(glm::distance(label.pixel, on_plane(plane, at)), 0, 1e-3F);
  constexpr float kStep = 0.01F;
  const glm::vec2 along =
      (on_plane(plane, at + glm::vec2{kStep, 0}) - on_plane(plane, at - glm::vec2{kStep, 0})) / (2 * kStep);
  const glm::vec2 down =
      (on_plane(plane, at + glm::vec2{0, kStep}) - on_plane(plane, at - glm::vec2{0, kStep})) / (2 * kStep);
  EXPECT_NEAR(glm::distance(label.axes[0], along), 0, 2e-2F);
  EXPECT_NEAR(glm::distance(label.axes[1], down), 0, 2e-2F);
}

TEST(CloseUp, StepsThroughChannelsAndLayersAndStopsAtTheirEnds) {
  Frame frame;
  frame.facts.layer_count = 5;
  frame.header.layers[0] = layer(3, 64);  // in colour: one tile
  frame.header.layers[1] = layer(16, 64);
  frame.header.layers[2] = layer(10, 1);  // no maps
  frame.header.layers[3] = layer(4, 8);
  frame.header.layers[4] = layer(2, 1);
  EXPECT_TRUE(can_enlarge(frame, {1, 15}));
  EXPECT_FALSE(can_enlarge(frame, {1, 16}));
  EXPECT_FALSE(can_enlarge(frame, {0, 1}));
  EXPECT_FALSE(can_enlarge(frame, {2, 0}));
  EXPECT_FALSE(can_enlarge(frame, {5, 0}));
  EXPECT_EQ(next_tile(frame, {1, 3}, 0, 1), (TileChoice{1, 4}));
  EXPECT_EQ(next_tile(frame, {1, 15}, 0, 1), (TileChoice{1, 15}));
  EXPECT_EQ(next_tile(frame, {1, 0}, 0, -1), (TileChoice{1, 0}));
  EXPECT_EQ(next_tile(frame, {1, 9}, 1, 0),
            (TileChoice{3, 3}));  // over the vector, to the last channel there
  EXPECT_EQ(next_tile(frame, {3, 3}, 1, 0), (TileChoice{3, 3}));
  EXPECT_EQ(next_tile(frame, {1, 9}, -1, 0), (TileChoice{0, 0}));
  EXPECT_EQ(next_tile(frame, {0, 0}, -1, 0), (TileChoice{0, 0}));
}

}  // namespace
}  // namespace fl
