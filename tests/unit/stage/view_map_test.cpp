// The map of embeddings: where its words and pictures go.

#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/charts/map_layout.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/view_state.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

// What a label's letters cover.
Rect letters(const ScreenLabel& label) {
  const glm::vec2 origin = label_origin(font(), label);
  const float height = font().metrics().cap_height * label.size;
  const float width = text_width(font(), font_weight(label.weight), label.text, label.size);
  if (label.upward) return {origin.x - height, origin.y - width, height, width};
  return {origin.x, origin.y - height, width, height};
}

bool inside(const Rect& box, const Rect& panel) {
  constexpr float kRounding = 1.01F;
  return box.x >= panel.x - kRounding && box.y >= panel.y - kRounding &&
         box.right() <= panel.right() + kRounding && box.bottom() <= panel.bottom() + kRounding;
}

Frame frame_of(std::uint32_t classes) {
  Frame frame;
  MapFacts& map = frame.facts.map;
  map.images = 136;
  map.training_images = 600;
  map.pictures = kMapPictures;
  map.classes = classes;
  map.half = 10;
  map.share1 = 0.271F;
  map.share2 = 0.188F;
  for (std::uint32_t i = 0; i < kMapPictures; ++i) map.gaps[i] = 20 / (1 + static_cast<float>(i) / 3);
  for (std::uint32_t c = 0; c < classes; ++c) {
    const float turn = 6.2832F * static_cast<float>(c) / static_cast<float>(classes);
    map.of_classes[c] = {3 * std::cos(turn), 3 * std::sin(turn), std::cos(turn), std::sin(turn)};
  }
  return frame;
}

MapLayout lay_out(const Frame& frame, const Rect& panel, float picture_scale, float words = 1) {
  StageTexts texts;
  for (std::uint32_t c = 0; c < frame.facts.map.classes; ++c)
    texts.class_names.push_back(c % 4 == 3 ? "a name that nobody would give on purpose"
                                           : fmt::format("finding {}", c));
  const PassContext context{.frame = frame,
                            .theme = dark_theme(),
                            .surface = {},
                            .scale = picture_scale * words,
                            .picture_scale = picture_scale};
  return lay_out_map(context, panel, texts, font());
}

TEST(MapLayout, StaysInsideAnyPanelWithoutOverlap) {
  for (const glm::vec2 size :
       {glm::vec2{166, 130}, {442, 284}, {742, 616}, {641, 560}, {200, 90}, {300, 900}})
    for (const float scale : {0.44F, 1.F, 1.5F})
      for (const float words : {1.F, 2.F})
        for (const std::uint32_t classes : {1U, 2U, 5U, 20U, 32U}) {
          SCOPED_TRACE(testing::Message() << size.x << " x " << size.y << " at " << scale << " times "
                                          << words << ", " << classes << " classes");
          const Rect panel{31, 17, size.x, size.y};
          const MapLayout map = lay_out(frame_of(classes), panel, scale, words);
          if (!map.plot.empty()) {
            EXPECT_TRUE(inside(map.plot, panel));
            EXPECT_EQ(map.plot.width, map.plot.height);
          }
          std::vector<Rect> boxes;
          for (const ScreenLabel& label : map.labels) boxes.push_back(letters(label));
          for (std::size_t i = 0; i < boxes.size(); ++i) {
            EXPECT_TRUE(inside(boxes[i], panel)) << map.labels[i].text;
            for (std::size_t j = 0; j < i; ++j)
              EXPECT_FALSE(overlap(boxes[i], boxes[j])) << map.labels[i].text << " on " << map.labels[j].text;
          }
          for (const MapLayout::Key& key : map.keys)
            for (const Rect& box : boxes)
              EXPECT_FALSE(
                  overlap(box, {key.middle.x - map.key, key.middle.y - map.key, 2 * map.key, 2 * map.key}));
        }
}

// In all the places that the stage has for it, down to the smallest pictures.
TEST(MapLayout, HasAPlotWhereverTheStageShowsIt) {
  for (const VkExtent2D extent : {VkExtent2D{1280, 720}, {1920, 1080}, {480, 320}, {720, 1280}})
    for (const float words : {1.F, kPresenterText})
      for (const MapPlace place : {MapPlace::kWall, MapPlace::kStage}) {
        ViewState view;
        view.set_map(place);
        const float scale = static_cast<float>(std::min(extent.width, extent.height)) / 720;
        const StageLayout stage = lay_out_stage(extent, scale, view.parts, {.text_scale = words});
        const Rect panel{stage.map.x + stage.padding, stage.map.y + stage.padding,
                         stage.map.width - 2 * stage.padding, stage.map.height - 2 * stage.padding};
        const MapLayout map = lay_out(frame_of(2), panel, scale, words);
        EXPECT_GT(map.plot.width, 0.6F * std::min(panel.width, panel.height))
            << extent.width << " x " << extent.height << ", words " << words;
        EXPECT_EQ(map.keys.size(), 2u);
        EXPECT_FALSE(overlap(stage.map, stage.headline));
        if (view.parts.tiles) {
          EXPECT_FALSE(overlap(stage.map, stage.tiles));
        }
        EXPECT_FALSE(overlap(stage.map, stage.bars));
        EXPECT_FALSE(overlap(stage.map, stage.curves));
      }
}

TEST(MapLayout, PicturesThatStandClearAreThoseUpToAGap) {
  MapFacts map{.pictures = 4};
  map.gaps = {INFINITY, 5, 3, 1};
  EXPECT_EQ(pictures_apart(map, 0.5F), 4u);
  EXPECT_EQ(pictures_apart(map, 2), 3u);
  EXPECT_EQ(pictures_apart(map, 3), 3u);
  EXPECT_EQ(pictures_apart(map, 100), 1u);
  map.pictures = 2;
  EXPECT_EQ(pictures_apart(map, 2), 2u);
  EXPECT_EQ(pictures_apart(MapFacts{}, 2), 0u);
}

TEST(MapLayout, ArrowsPointWhereTheLogitRisesAndGrowWithIt) {
  const MapFacts map{.half = 10};
  const glm::vec2 gentle = arrow_on_map(map, {.toward_x = 0.1F, .toward_y = 0.1F}, 500);
  const glm::vec2 steep = arrow_on_map(map, {.toward_x = 1, .toward_y = 1}, 500);
  EXPECT_GT(gentle.x, 0);
  EXPECT_FLOAT_EQ(gentle.y, -gentle.x) << "up is up on the map";
  EXPECT_GT(steep.x, gentle.x);
  EXPECT_LT(glm::length(arrow_on_map(map, {.toward_x = 1e6F}, 500)), 250.01F) << "inside the square";
  EXPECT_EQ(arrow_on_map(map, {}, 500), glm::vec2(0));
  EXPECT_EQ(arrow_on_map(map, {.toward_x = NAN}, 500), glm::vec2(0));
}

TEST(MapLayout, TheChosenImageIsAlwaysInTheSquare) {
  Frame frame = frame_of(2);
  frame.facts.map.shown = {.x = 2, .y = -3, .size = 48 + 256 * 48};
  EXPECT_EQ(lay_out(frame, {0, 0, 742, 616}, 1).shown, glm::vec2(2, -3));
  frame.facts.map.shown.x = 400;
  const glm::vec2 at = lay_out(frame, {0, 0, 742, 616}, 1).shown;
  EXPECT_GT(at.x, 8);
  EXPECT_LT(at.x, 10);
  EXPECT_EQ(at.y, -3);
}

}  // namespace
}  // namespace fl
