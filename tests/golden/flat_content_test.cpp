// What no picture of wall, bars and curves can say: that words neither overlap nor leave their panel, that pixels are
// the ring's bytes.
#include <array>
#include <cmath>

#include "engine/stage/stage_layout.h"
#include "engine/text/text_layout.h"
#include "tests/golden/flat_fixture.h"

namespace fl::flat {
namespace {

class FlatContent : public Flat {};
INSTANTIATE_TEST_SUITE_P(Themes, FlatContent, ::testing::ValuesIn(kLooks),
                         [](const auto& look) { return look.param.name; });

// The box of a label's ink, a little narrower than its em so that neighbours may touch.
Rect ink(const Font& font, const ScreenLabel& label) {
  const glm::vec2 origin = label_origin(font, label);
  return {origin.x, origin.y - font.metrics().cap_height * label.size,
          text_width(font, font_weight(label.weight), label.text, label.size),
          font.metrics().cap_height * label.size};
}

TEST_P(FlatContent, WordsNeitherOverlapNorLeaveTheirPanel) {
  const std::vector<Content> contents = {{},
                                         {.done = 1},
                                         {.epochs = 1, .done = 0},
                                         {.epochs = 2000, .done = 1900, .steps_per_epoch = 2},
                                         {.classes = 12, .label = 4, .wrong = true},
                                         {.gaps = true, .test_set = false},
                                         {.loss_factor = 1e4F},
                                         {.loss_factor = 1e30F},
                                         {.classes = 5},
                                         {.classes = 32},
                                         {.earlier = 1},
                                         {.classes = 32, .earlier = 3}};
  for (const Content& content : contents) {
    publish(content);
    for (const auto& [extent, enlarged] : {std::pair{VkExtent2D{1280, 720}, 1.F},
                                           {VkExtent2D{1920, 1080}, 1.F},
                                           {VkExtent2D{1280, 720}, 1.6F},
                                           {VkExtent2D{1280, 800}, 1.6F},
                                           {VkExtent2D{1280, 720}, 2.F},
                                           {VkExtent2D{800, 600}, 1.F},
                                           {VkExtent2D{640, 360}, 1.F}}) {
      const float picture_scale = static_cast<float>(extent.height) / 720;
      const float scale = picture_scale * enlarged;
      PictureInfo where = info(extent);
      where.scale = scale;
      where.picture_scale = picture_scale;
      SCOPED_TRACE(::testing::Message() << extent.width << " x " << extent.height << " at " << enlarged
                                        << ", " << content.classes << " classes");
      const StageLayout layout =
          lay_out_stage(extent, picture_scale, {}, {.text_scale = enlarged, .class_count = content.classes});
      scene_->draw(where, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        struct Card {
          Rect place;
          CurvesChoice choice{};
        };
        for (const auto& [outer, choice] :
             {Card{layout.tiles}, Card{layout.bars}, Card{layout.curves},
              Card{layout.curves, {.steps = true}}, Card{layout.curves, {.kind = CurvesKind::kNorms}},
              Card{layout.curves, {.kind = CurvesKind::kRate}},
              Card{layout.curves, {.kind = CurvesKind::kClasses}},
              Card{layout.curves, {.kind = CurvesKind::kClasses, .steps = true}}}) {
          const Rect panel = inset(snapped(outer), layout.padding);
          labels.clear();
          if (outer.y == layout.tiles.y) scene_->tiles().draw(context, panel, texts(), labels);
          if (outer.y == layout.bars.y) scene_->bars().draw(context, panel, texts(), labels);
          if (outer.y == layout.curves.y) scene_->curves().draw(context, panel, labels, choice, texts());
          for (std::size_t i = 0; i < labels.size(); ++i) {
            const Rect box = ink(scene_->font(), labels[i]);
            SCOPED_TRACE(labels[i].text);
            EXPECT_GE(box.x, panel.x - 1);
            EXPECT_GE(box.y, panel.y - 1);
            EXPECT_LE(box.right(), panel.right() + 1);
            EXPECT_LE(box.bottom(), panel.bottom() + 1);
            // Readable from the tenth row wherever the column is as wide as a panel asks for.
            if (extent.height >= 720) {
              EXPECT_GE(labels[i].size, 15 * picture_scale - 0.51F);
            }
            for (std::size_t k = 0; k < i; ++k) {
              const Rect other = ink(scene_->font(), labels[k]);
              EXPECT_TRUE(box.x >= other.right() || other.x >= box.right() || box.y >= other.bottom() ||
                          other.y >= box.bottom())
                  << "over " << labels[k].text;
            }
          }
        }
        labels.clear();
      });
    }
  }
}

TEST_P(FlatContent, TilesShowTheRingsOwnBytes) {
  // A 4 x 4 image, enlarged: texel (x, y) holds (4 y + x) / 15.
  scene_->publish([](const FrameSlot& slot, Frame& frame) {
    frame.facts.layer_count = 1;
    frame.header.layers[0] = {.channels = 1, .height = 4, .width = 4, .minimum = 0, .maximum = 1};
    for (std::uint32_t i = 0; i < 16; ++i) slot.features()[i] = static_cast<float>(i) / 15;
  });
  const Picture picture =
      scene_->draw(info({960, 540}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->tiles().draw(context, {0, 0, 400, 400}, texts(), labels);
        labels.clear();
      });
  // The tile is the only thing drawn: find it by its corners' values.
  const float side = std::floor(0.34F * 400);
  for (std::uint32_t i = 0; i < 16; ++i) {
    const auto x = static_cast<std::size_t>((static_cast<float>(i % 4) + 0.5F) / 4 * side);
    const auto y = static_cast<std::size_t>(21 + (static_cast<float>(i / 4) + 0.5F) / 4 * side);
    const std::uint8_t* pixel = &picture.rgba[(y * picture.width + x) * 4];
    for (int channel = 0; channel < 3; ++channel) EXPECT_NEAR(pixel[channel], 17.0 * i, 1.01) << i;
  }
}

std::array<int, 3> pixel_at(const Picture& picture, float x, float y) {
  const std::uint8_t* rgba =
      &picture.rgba[(static_cast<std::size_t>(y) * picture.width + static_cast<std::size_t>(x)) * 4];
  return {rgba[0], rgba[1], rgba[2]};
}

std::array<int, 3> bytes(const glm::vec4& color) {
  const auto byte = [](float value) { return static_cast<int>(std::lround(value * 255)); };
  return {byte(color.r), byte(color.g), byte(color.b)};
}

TEST_P(FlatContent, CurvesPassThroughTheRingsValues) {
  // Flat lines, so that any pixel of a row tells: training loss 0.75, test loss 0.25, of at most 1.
  constexpr std::uint32_t kEpochs = 40;
  Frame written;
  scene_->publish([&](const FrameSlot& slot, Frame& frame) {
    frame.header.steps_per_epoch = 1;
    frame.facts.total_steps = frame.facts.step = kEpochs;
    frame.facts.epoch_count = kEpochs;
    frame.facts.curve_loss_max = 1;
    for (std::uint32_t i = 0; i < kEpochs; ++i) slot.epochs()[i] = {0.75F, 0.2F, 0.25F, 0.9F};
    // A gap where the training loss is not a number.
    slot.epochs()[20].loss = std::nanf("");
    written = frame;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).upper;
  const auto at = [&](float epoch, float value) {
    return pixel_at(picture, chart.plot.x + epoch / chart.most.x * chart.plot.width,
                    chart.plot.bottom() - value / chart.most.y * chart.plot.height);
  };
  for (const float epoch : {2.3F, 9.0F, 17.7F, 30.1F}) {
    EXPECT_EQ(at(epoch, 0.75F), bytes(GetParam().theme().train));
    EXPECT_EQ(at(epoch, 0.25F), bytes(GetParam().theme().test));
  }
  EXPECT_NE(at(20.3F, 0.75F), bytes(GetParam().theme().train));
}

// Epoch i stands at i and its steps around it: both see the same loss fall at the same place.
TEST_P(FlatContent, StepsLieAroundTheirEpoch) {
  constexpr std::uint32_t kEpochs = 9, kSteps = 20;
  Frame written;
  scene_->publish([&](const FrameSlot& slot, Frame& frame) {
    frame.header.steps_per_epoch = kSteps;
    frame.facts.total_steps = frame.facts.step = frame.facts.step_count = kEpochs * kSteps;
    frame.facts.epoch_count = kEpochs;
    frame.facts.curve_loss_max = 1;
    // The loss of epoch 4's steps alone is high; the epochs' own curve is not in the way.
    for (std::uint32_t i = 0; i < kEpochs; ++i) slot.epochs()[i] = {0.1F, 0.2F, 0.1F, 0.9F};
    for (std::uint32_t i = 0; i < kEpochs * kSteps; ++i)
      slot.steps()[i].loss = i / kSteps == 4 ? 0.73F : 0.3F;
    written = frame;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).upper;
  EXPECT_EQ(chart.most.x, kEpochs - 1);
  const auto at = [&](float epoch, float value) {
    return pixel_at(picture, chart.plot.x + epoch / chart.most.x * chart.plot.width, chart.row(value));
  };
  const auto ground = bytes(GetParam().theme().panel);
  // A line stands out from the band it lies in: its row is another colour than the row a little lower.
  const auto line_at = [&](float epoch, float value) {
    const auto on = at(epoch, value), below = at(epoch, value - 0.02F);
    int most = 0;
    for (std::size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(on[c] - below[c]));
    return most > 12;
  };
  for (const float epoch : {3.6F, 4.1F, 4.4F}) {
    EXPECT_TRUE(line_at(epoch, 0.73F)) << epoch;
    EXPECT_FALSE(line_at(epoch, 0.3F)) << epoch;
    EXPECT_EQ(at(epoch, 0.78F), ground);
  }
  for (const float epoch : {0.7F, 3.4F, 4.6F, 7.6F}) {
    EXPECT_FALSE(line_at(epoch, 0.73F)) << epoch;
    EXPECT_TRUE(line_at(epoch, 0.3F)) << epoch;
  }
  EXPECT_EQ(at(kEpochs - 1 + 0.3F, 0.3F), ground);  // nothing beyond the axis
}

// The band holds the middle four fifths of the steps about each place, whatever the others are.
TEST_P(FlatContent, TheBandLeavesOutTheOutermostSteps) {
  constexpr std::uint32_t kEpochs = 40, kSteps = 100;
  Frame written;
  scene_->publish([&](const FrameSlot& slot, Frame& frame) {
    frame.header.steps_per_epoch = kSteps;
    frame.facts.total_steps = frame.facts.step = frame.facts.step_count = kEpochs * kSteps;
    frame.facts.epoch_count = 1;
    frame.facts.curve_loss_max = 1;
    slot.epochs()[0] = {0.02F, 0, 0.02F, 0};
    // Losses from 0.4 to 0.6, one of twenty far above; strides of the sampling must not fall in step with it.
    for (std::uint32_t i = 0; i < frame.facts.step_count; ++i)
      slot.steps()[i].loss = i % 19 == 7 ? 0.95F : 0.4F + 0.2F * static_cast<float>(i * 7 % 101) / 100;
    slot.steps()[1234].loss = std::nanf("");
    written = frame;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).upper;
  const auto ground = bytes(GetParam().theme().panel);
  const auto at = [&](float epoch, float value) {
    return pixel_at(picture, chart.plot.x + epoch / chart.most.x * chart.plot.width, chart.row(value));
  };
  for (const float epoch : {2.3F, 8.4F, 12.2F, 17.5F, 33.1F}) {
    EXPECT_NE(at(epoch, 0.5F), ground) << epoch;
    EXPECT_NE(at(epoch, 0.45F), ground) << epoch;
    EXPECT_EQ(at(epoch, 0.34F), ground) << epoch;
    EXPECT_EQ(at(epoch, 0.74F), ground) << epoch;
    EXPECT_EQ(at(epoch, 0.95F), ground) << epoch;
  }
}

}  // namespace
}  // namespace fl::flat
