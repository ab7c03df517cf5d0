#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "engine/view/bars.h"
#include "engine/view/curves_layout.h"
#include "engine/view/font.h"
#include "engine/view/text.h"
#include "engine/view/tiles.h"
#include "engine/view/tiles_layout.h"

namespace fl {
namespace {

const Font& font() {
  static const Result<Font> loaded = Font::load();
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return *loaded;
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
  FrameHeader header;
  header.class_count = 3;
  header.probabilities = {0.1F, 0.7F, 0.2F};
  EXPECT_EQ(choose_classes(header, 3), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(choose_classes(header, 9), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Bars, ShowTheLikeliestAndTheTruthWhereFewFit) {
  FrameHeader header;
  header.class_count = 5;
  header.probabilities = {0.1F, 0.4F, 0.05F, 0.3F, 0.15F};
  header.image_label = 1;
  EXPECT_EQ(choose_classes(header, 2), (std::vector<std::uint32_t>{1, 3}));
  header.image_label = 2;
  EXPECT_EQ(choose_classes(header, 2), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(choose_classes(header, 0).empty());
  header.probabilities[1] = std::numeric_limits<float>::quiet_NaN();  // diverged
  EXPECT_EQ(choose_classes(header, 2), (std::vector<std::uint32_t>{3, 2}));
}

TEST(CurvesLayout, EpochsSpanThePlan) {
  FrameHeader header;
  EXPECT_EQ(planned_epochs(header), 1);
  header.steps_per_epoch = 40;
  header.total_steps = 2000;
  header.step = 80;
  EXPECT_EQ(planned_epochs(header), 50);
  header.step = 2400;  // went on beyond the plan
  EXPECT_GE(planned_epochs(header), 60);
}

TEST(CurvesLayout, ChartsStandInsideThePanelAboveEachOther) {
  FrameHeader header;
  header.steps_per_epoch = 40;
  header.total_steps = 2000;
  header.curve_loss_max = 0.93F;
  const Rect panel{700, 400, 448, 223};
  const CurvesLayout layout = lay_out_curves(header, panel, font(), 1);
  for (const ChartLayout* chart : {&layout.loss, &layout.accuracy}) {
    EXPECT_GT(chart->plot.x, panel.x);
    EXPECT_LT(chart->plot.right(), panel.right());
    EXPECT_GT(chart->plot.height, 40);
    EXPECT_LT(chart->title_baseline, chart->plot.y);
    EXPECT_GE(chart->y.count, 2);
    EXPECT_GE(chart->x.count, 2);
  }
  EXPECT_LT(layout.loss.plot.bottom(), layout.accuracy.title_baseline - layout.title_size / 2);
  EXPECT_LE(layout.accuracy.tick_baseline, panel.bottom());
  EXPECT_FLOAT_EQ(layout.loss.most.y, 1);
  EXPECT_GE(layout.text_size, 15);
  EXPECT_GE(layout.title_size, 17);
}

TEST(CurvesLayout, SurvivesLossesThatAreNoScale) {
  FrameHeader header;
  for (const float loss : {0.F, -1.F, 1e30F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    header.curve_loss_max = loss;
    const CurvesLayout layout = lay_out_curves(header, {0, 0, 448, 223}, font(), 1);
    EXPECT_TRUE(std::isfinite(layout.loss.most.y));
    EXPECT_GT(layout.loss.most.y, 0);
    EXPECT_LE(layout.loss.y.count, 11);
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
