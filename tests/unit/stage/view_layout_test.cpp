#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "engine/charts/bars.h"
#include "engine/landscape/axes.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/words/stage_words.h"
#include "engine/text/font.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"
#include "engine/view/camera.h"
#include "engine/wall/tiles.h"
#include "engine/wall/tiles_layout.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

// What a label's letters cover.
Rect ink(const ScreenLabel& label) {
  const glm::vec2 origin = label_origin(font(), label);
  const float height = font().metrics().cap_height * label.size;
  return {origin.x, origin.y - height, text_width(font(), font_weight(label.weight), label.text, label.size),
          height};
}

FrameLayer layer(std::uint32_t channels, std::uint32_t side) {
  return {.channels = channels, .height = side, .width = side};
}

const std::vector<FrameLayer> kSmallNet = {layer(1, 64),  layer(16, 64), layer(32, 32),
                                           layer(64, 16), layer(64, 1),  layer(2, 1)};

// What a block covers, its title included.
Rect extent(const TileBlock& block) {
  const auto columns = static_cast<float>(block.columns), rows = static_cast<float>(block.rows);
  const float top = std::min(block.origin.y, block.title.y);
  return {block.origin.x, top, columns * block.side + (columns - 1) * block.gap_x,
          block.origin.y + rows * (block.height + block.gap) - block.gap - top};
}

TEST(TilesLayout, StaysInsideAnyPanelWithoutOverlap) {
  for (const float width : {120.F, 300.F, 448.F, 900.F}) {
    for (const float height : {60.F, 160.F, 296.F, 700.F}) {
      for (const float scale : {0.5F, 1.F, 1.5F}) {
        const Rect panel{37, 11, width, height};
        const auto blocks = lay_out_tiles(kSmallNet, panel, scale);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
          const Rect box = extent(blocks[i]);
          SCOPED_TRACE(testing::Message() << width << " x " << height << " at " << scale << ", block " << i);
          EXPECT_GE(box.x, panel.x);
          EXPECT_GE(box.y, panel.y);
          EXPECT_LE(box.right(), panel.right() + 0.51F);
          EXPECT_LE(box.bottom(), panel.bottom());
          EXPECT_GE(blocks[i].shown, 1U);
          EXPECT_LE(blocks[i].shown, kSmallNet[blocks[i].layer].channels);
          EXPECT_GE(blocks[i].columns * blocks[i].rows, static_cast<int>(blocks[i].shown));
          for (std::size_t k = 0; k < i; ++k) {
            const Rect other = extent(blocks[k]);
            EXPECT_TRUE(box.x >= other.right() || other.x >= box.right() || box.y >= other.bottom() ||
                        other.y >= box.bottom())
                << "over block " << k;
          }
        }
      }
    }
  }
}

TEST(TilesLayout, ShowsEverythingWhereThereIsRoom) {
  const auto blocks = lay_out_tiles(kSmallNet, {0, 0, 430, 680}, 1);
  ASSERT_EQ(blocks.size(), kSmallNet.size());
  EXPECT_EQ(blocks[0].kind, TileKind::kImage);
  EXPECT_EQ(blocks[4].kind, TileKind::kStrip);
  for (const TileBlock& block : blocks) {
    EXPECT_EQ(block.shown, kSmallNet[block.layer].channels);
  }
  EXPECT_GT(blocks[0].side, blocks[1].side);  // the input is the largest
  EXPECT_GE(blocks[1].side, blocks[2].side);  // tiles shrink with their maps
  EXPECT_GE(blocks[2].side, blocks[3].side);
}

TEST(TilesLayout, LeavesOutChannelsBeforeTilesBecomeSmudges) {
  const std::vector<FrameLayer> layers = {layer(3, 224), layer(1280, 7), layer(1280, 1)};
  const auto blocks = lay_out_tiles(layers, {0, 0, 448, 296}, 1);
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].kind, TileKind::kImage);  // three channels are one picture
  EXPECT_EQ(blocks[0].shown, 1U);
  EXPECT_GE(blocks[1].side, 20);
  EXPECT_GT(blocks[1].shown, 10U);
  EXPECT_LT(blocks[1].shown, 1280U);
  EXPECT_LT(blocks[2].shown, 1280U);
}

// Layers for which there is no room leave none behind: those that stay take it.
TEST(TilesLayout, FillsThePanelWhateverIsLeftOut) {
  const std::vector<FrameLayer> layers = {layer(1, 64), layer(16, 64), layer(24, 32), layer(32, 16),
                                          layer(48, 8), layer(48, 4),  layer(48, 1),  layer(2, 1)};
  for (float height = 130; height < 420; height += 10) {
    const Rect panel{0, 0, 448, height};
    const auto blocks = lay_out_tiles(layers, panel, 1.3F);
    ASSERT_FALSE(blocks.empty());
    float bottom = 0;
    for (const TileBlock& block : blocks) bottom = std::max(bottom, extent(block).bottom());
    EXPECT_GT(bottom, panel.height - 45) << height << ", " << blocks.size() << " blocks";
  }
}

TEST(TilesLayout, EmptyPanelsAndLayersGiveNothing) {
  EXPECT_TRUE(lay_out_tiles(kSmallNet, {0, 0, 0, 100}, 1).empty());
  EXPECT_TRUE(lay_out_tiles(kSmallNet, {0, 0, 100, 4}, 1).empty());
  EXPECT_TRUE(lay_out_tiles({}, {0, 0, 400, 300}, 1).empty());
  EXPECT_TRUE(lay_out_tiles(std::vector<FrameLayer>{FrameLayer{}}, {0, 0, 400, 300}, 1).empty());
}

TEST(Tiles, ShapesAreWrittenChannelsFirst) {
  EXPECT_EQ(layer_shape(layer(16, 64)), "16 \u00D7 64 \u00D7 64");
  EXPECT_EQ(layer_shape(layer(64, 1)), "64");
}

TEST(Bars, KeepTheirOrderWhereAllFit) {
  Frame frame;
  frame.facts.class_count = 3;
  frame.header.probabilities = {0.1F, 0.7F, 0.2F};
  EXPECT_EQ(choose_classes(frame, 3), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(choose_classes(frame, 9), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Bars, ShowTheLikeliestAndTheTruthWhereFewFit) {
  Frame frame;
  frame.facts.class_count = 5;
  frame.header.probabilities = {0.1F, 0.4F, 0.05F, 0.3F, 0.15F};
  frame.header.image_label = 1;
  EXPECT_EQ(choose_classes(frame, 2), (std::vector<std::uint32_t>{1, 3}));
  frame.header.image_label = 2;
  EXPECT_EQ(choose_classes(frame, 2), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(choose_classes(frame, 0).empty());
  frame.header.image_label = kNoLabel;
  EXPECT_EQ(choose_classes(frame, 2), (std::vector<std::uint32_t>{1, 3}));
  frame.header.image_label = 2;
  frame.header.probabilities[1] = std::numeric_limits<float>::quiet_NaN();  // diverged
  EXPECT_EQ(choose_classes(frame, 2), (std::vector<std::uint32_t>{3, 2}));
}

TEST(Bars, OfManyClassesThePlacesOfThoseShownAndASignThatSaysSo) {
  Frame frame;
  frame.facts.class_count = 40;
  for (std::uint32_t i = 0; i < kFrameMaxClasses; ++i) {
    frame.header.shown_classes[i] = 39 - i;
    frame.header.probabilities[i] = 0.5F / static_cast<float>(i + 1);
  }
  frame.header.image_label = 8;  // in the last place
  EXPECT_EQ(choose_classes(frame, 3), (std::vector<std::uint32_t>{0, 1, 31}));
  EXPECT_EQ(choose_classes(frame, 50).size(), 32u);
  EXPECT_EQ(classes_left_out(frame, 32).front(), "32 most probable of 40 classes");
  EXPECT_EQ(classes_left_out(frame, 3).front(), "2 most probable of 40 classes, and the true one");
  EXPECT_EQ(classes_left_out(frame, 3).back(), "3 of 40");
  EXPECT_TRUE(classes_left_out(frame, 40).empty());
  frame.header.image_label = kNoLabel;
  EXPECT_EQ(classes_left_out(frame, 3).front(), "3 most probable of 40 classes");
}

TEST(StageLayout, GivesTheBarsRoomForTheirClasses) {
  const VkExtent2D extent{1280, 720};
  const auto rows = [](const StageLayout& layout, float words) {
    return (layout.bars.height - 2 * layout.padding - 30 * words) / (21 * words);
  };
  const StageLayout two = lay_out_stage(extent, 1);
  EXPECT_GE(rows(two, 1), 2);
  const StageLayout five = lay_out_stage(extent, 1, {}, {.class_count = 5});
  EXPECT_GE(rows(five, 1), 5);
  const StageLayout many = lay_out_stage(extent, 1, {}, {.class_count = 32});
  EXPECT_GE(rows(many, 1), 7);
  EXPECT_LT(rows(many, 1), 9);
  EXPECT_EQ(many.curves.height, two.curves.height);  // the tiles pay
  EXPECT_GT(many.tiles.height, 150);
  EXPECT_EQ(many.landscape.width, two.landscape.width);
}

TEST(StageLayout, LargerWordsLeavePaddingAndPanelsInPlace) {
  for (const VkExtent2D extent : {VkExtent2D{1280, 720}, VkExtent2D{1280, 800}, VkExtent2D{1920, 1080}}) {
    const float scale = static_cast<float>(extent.height) / 720;
    const StageLayout plain = lay_out_stage(extent, scale);
    for (const std::uint32_t classes : {2U, 5U, 32U}) {
      const StageLayout large =
          lay_out_stage(extent, scale, {}, {.text_scale = 1.6F, .class_count = classes});
      EXPECT_EQ(large.padding, plain.padding);
      EXPECT_LT(large.landscape.width, plain.landscape.width);  // larger words need a wider column
      EXPECT_GT(large.landscape.width, 0.5F * static_cast<float>(extent.width));
      EXPECT_NEAR(large.curves.bottom(), plain.curves.bottom(), 0.01);
      EXPECT_LT(large.tiles.bottom(), large.bars.y);
      EXPECT_LT(large.bars.bottom(), large.curves.y);
      EXPECT_GT(large.tiles.height, 120 * scale);
      // As large in the bars as in the curves.
      const float words = (large.curves.height - 2 * large.padding) / 190;
      EXPECT_GE((large.bars.height - 2 * large.padding) / 73, std::min(words, 1.6F * scale) - 0.01F);
    }
  }
}

TEST(StageLayout, WithoutALandscapeTheOthersHaveAllBelowTheTitle) {
  for (const VkExtent2D extent : {VkExtent2D{1280, 720}, VkExtent2D{480, 320}, VkExtent2D{700, 950}}) {
    const float scale = static_cast<float>(std::min(extent.width, extent.height)) / 720;
    const StageLayout curves = lay_out_stage(
        extent, scale, {.tiles = false, .bars = false, .landscape = false}, {.text_scale = 1.25F});
    EXPECT_GT(curves.curves.width, 0.9F * static_cast<float>(extent.width));
    EXPECT_GE(curves.curves.y, curves.headline.bottom() - 1);
    EXPECT_LE(curves.curves.bottom(), static_cast<float>(extent.height));
    EXPECT_GT(curves.curves.height, 0.75F * static_cast<float>(extent.height));
  }
}

TEST(StageWords, SayOfHowManyPointsASurfaceIsAndHowFarOffTheRestMayBe) {
  using Clauses = std::vector<std::string>;
  FrameFacts facts;
  facts.grid_side = 33;
  facts.grid_evaluated = 137;
  EXPECT_EQ(surface_clauses(facts, false), Clauses{"137 of 1089 points"}) << "nothing is known of the rest";
  facts.grid_error = 0.0072F;
  facts.grid_log_error = 0.123F;
  EXPECT_EQ(surface_clauses(facts, false), (Clauses{"137 of 1089 points", ", the rest within 0.8 %"}))
      << "up";
  EXPECT_EQ(surface_clauses(facts, true), (Clauses{"137 of 1089 points", ", the rest within 13 %"}));
  facts.grid_evaluated = 33 * 33;
  facts.grid_error = facts.grid_log_error = 0;
  EXPECT_EQ(surface_clauses(facts, true), Clauses{"33 × 33 points"});
}

// What to do stands at a sentence's end: it is not what is cut off, also where words are twice as large.
TEST(StageWords, ALongMessageIsSaidToItsEnd) {
  const VkExtent2D extent{1280, 720};
  StageTexts texts;
  texts.message =
      "/home/lecturer/slices/image-0001.jpg is a JPEG image, not a Teachable Machine project, a ZIP archive "
      "or a folder "
      "of class folders; put the images of each class into a folder of their own and give the folder around "
      "those.";
  Frame frame{};
  for (const float enlarged : {1.F, 2.F}) {
    const StageLayout layout = lay_out_stage(extent, 1, {}, {.text_scale = enlarged});
    const PassContext context{.extent = extent,
                              .viewport = layout.landscape,
                              .frame = frame,
                              .theme = dark_theme(),
                              .scale = enlarged,
                              .picture_scale = 1};
    std::vector<ScreenLabel> labels;
    const auto panel = message_panel(context, font(), layout, texts, labels);
    ASSERT_TRUE(panel);
    ASSERT_FALSE(labels.empty());
    EXPECT_TRUE(labels.back().text.ends_with("those.")) << labels.back().text;
    EXPECT_GE(panel->rect.y, layout.landscape.y);
    EXPECT_GE(panel->rect.x, layout.landscape.x);
    EXPECT_LE(panel->rect.right(), layout.landscape.right());
  }
}

// All that stands over the landscape, at any yaw: no two words over each other, none outside the view.
TEST(StageWords, KeepClearOfEachOtherAtEveryYaw) {
  Frame frame;
  frame.facts.grid_side = 129;
  frame.facts.grid_evaluated = 9000;
  frame.header.a_min = frame.header.b_min = -1.1F;
  frame.header.a_max = frame.header.b_max = 1.3F;
  frame.facts.loss_max = 3;
  frame.facts.directions = DirectionKind::kPca;
  frame.facts.probe_images = 64;
  frame.facts.probe_standard_error = 0.03F;
  frame.facts.explained1 = frame.facts.null1 = 0.61F;
  frame.facts.explained2 = frame.facts.null2 = 0.12F;
  frame.header.path_count = 1;
  frame.facts.step = 1250;
  frame.facts.total_steps = 2000;
  frame.header.steps_per_epoch = 40;
  frame.facts.rate = 0.001F;
  frame.facts.state = RunState::kDiverged;
  StageTexts texts;
  texts.title = "too few images of the rarer class";
  for (const VkExtent2D extent : {VkExtent2D{640, 360}, {800, 600}, {1280, 720}, {1280, 800}, {1920, 1080}}) {
    for (const float enlarged : {1.F, 1.6F}) {
      for (const float loss : {0.4F, 1e9F}) {
        for (float yaw = 0; yaw < 6.3F; yaw += 0.11F) {
          SCOPED_TRACE(::testing::Message() << extent.width << " x " << extent.height << " at " << enlarged
                                            << ", yaw " << yaw << ", loss " << loss);
          frame.facts.loss_max = std::max(3.F, 0.3F * loss);
          frame.header.ball = {.a = 0.2F, .b = 0.4F, .real_loss = loss};
          texts.message = loss > 1 && yaw > 3 ? "the rate is too high" : "";
          const float scale = static_cast<float>(extent.height) / 720;
          const StageLayout layout = lay_out_stage(extent, scale, {}, {.text_scale = enlarged});
          OrbitCamera camera;
          camera.yaw = yaw;
          const float aspect = layout.landscape.width / layout.landscape.height;
          camera.fit(aspect);
          PassContext context{.extent = extent,
                              .viewport = layout.landscape,
                              .frame = frame,
                              .theme = dark_theme(),
                              .surface = surface_scale(frame, false),
                              .view = camera.view(),
                              .projection = camera.projection(aspect),
                              .eye = camera.eye(),
                              .scale = scale * enlarged,
                              .picture_scale = scale};
          std::vector<ScreenLabel> labels;
          append_headline(context, font(), layout.headline, texts, labels);
          append_footnote(context, font(), layout.footnote, labels);
          const auto panel = message_panel(context, font(), layout, texts, labels);
          EXPECT_EQ(panel.has_value(), !texts.message.empty());
          append_world_labels(context, font(), axis_labels(frame, context.surface, dark_theme(), context.eye),
                              panel ? panel->rect : Rect{}, labels);
          const auto said = [&](const char* text) {
            return std::ranges::any_of(labels, [&](const ScreenLabel& label) { return label.text == text; });
          };
          EXPECT_TRUE(said("loss"));
          // A message for the last row takes the place it needs.
          if (!panel) {
            EXPECT_TRUE(said("principal component 1") || said("component 1"));
            EXPECT_TRUE(said("principal component 2") || said("component 2"));
          }
          for (std::size_t i = 0; i < labels.size(); ++i) {
            const Rect box = ink(labels[i]);
            EXPECT_GE(labels[i].size, 15 * scale * enlarged - 0.01F);
            EXPECT_GE(box.x, layout.landscape.x) << labels[i].text;
            EXPECT_LE(box.right(), layout.landscape.right()) << labels[i].text;
            EXPECT_GE(box.y, 0) << labels[i].text;
            EXPECT_LE(box.bottom(), layout.landscape.bottom()) << labels[i].text;
            for (std::size_t k = 0; k < i; ++k) {
              const Rect other = ink(labels[k]);
              EXPECT_TRUE(box.x >= other.right() || other.x >= box.right() || box.y >= other.bottom() ||
                          other.y >= box.bottom())
                  << labels[i].text << " over " << labels[k].text;
            }
          }
        }
      }
    }
  }
}

TEST(TextLayout, AnchorsOnWholePixelsKeepBaselinesOnWholePixels) {
  for (const AlignX x : {AlignX::kLeft, AlignX::kCentre, AlignX::kRight}) {
    for (const AlignY y : {AlignY::kTop, AlignY::kMiddle, AlignY::kBaseline, AlignY::kBottom}) {
      for (const bool upward : {false, true}) {
        const ScreenLabel label{
            .text = "epoch 12", .pixel = {100, 50}, .size = 15, .align_x = x, .align_y = y, .upward = upward};
        const glm::vec2 origin = label_origin(font(), label);
        EXPECT_EQ(origin.x, std::round(origin.x));
        EXPECT_EQ(origin.y, std::round(origin.y));
      }
    }
  }
}

TEST(TextLayout, AlignmentPutsTheNamedPointOnTheAnchor) {
  ScreenLabel label{.text = "loss", .pixel = {100, 50}, .size = 20, .align_y = AlignY::kBaseline};
  const float width = text_width(font(), FontWeight::kRegular, label.text, label.size);
  EXPECT_EQ(label_origin(font(), label), (glm::vec2{100, 50}));
  label.align_x = AlignX::kRight;
  EXPECT_NEAR(label_origin(font(), label).x, 100 - width, 0.51);
  label.align_x = AlignX::kCentre;
  EXPECT_NEAR(label_origin(font(), label).x, 100 - width / 2, 0.51);
  label.align_y = AlignY::kTop;
  EXPECT_NEAR(label_origin(font(), label).y, 50 + font().metrics().cap_height * 20, 0.51);
  label.align_y = AlignY::kMiddle;
  EXPECT_NEAR(label_origin(font(), label).y, 50 + font().metrics().cap_height * 10, 0.51);
  label.align_y = AlignY::kBottom;
  EXPECT_LT(label_origin(font(), label).y, 50);
  // Upward, the text's width runs along the picture's y.
  label = {.text = "loss", .pixel = {100, 50}, .size = 20, .align_x = AlignX::kCentre, .upward = true};
  EXPECT_NEAR(label_origin(font(), label).y, 50 + width / 2, 0.51);
  EXPECT_EQ(label_origin(font(), label).x, 100);
}

}  // namespace
}  // namespace fl
