// Pictures of text, feature wall, bars and curves against stored ones, and what no picture can say: that
// words neither overlap nor leave their panel, that pixels are the ring's bytes.

#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/view/stage_layout.h"
#include "engine/view/text_layout.h"
#include "tests/golden/flat_scene.h"
#include "tests/support/golden.h"
#include "tests/support/headless_stage.h"
#include "tests/support/reference_font.h"

namespace fl::flat {
namespace {

struct Look {
  const char* name;
  const Theme& (*theme)();
};
void PrintTo(const Look& look, std::ostream* out) {
  *out << look.name;
}
constexpr Look kLooks[] = {{"dark", dark_theme}, {"light", light_theme}};

const testing::GoldenFolders kFolders{std::filesystem::path(FALLLINE_SOURCE_DIR) / "tests/golden/reference",
                                      FALLLINE_GOLDEN_FAILED};

class Flat : public ::testing::TestWithParam<Look> {
 protected:
  void SetUp() override {
    std::string reason;
    auto* stage = testing::HeadlessStage::get(reason);
    if (stage == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(stage->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    scene_.emplace(*stage->device, *stage->font);
  }
  void TearDown() override {
    scene_.reset();
    for (const std::string& message : validation_messages()) ADD_FAILURE() << message;
  }

  void publish(const Content& content) {
    content_ = content;
    scene_->publish([&](const FrameSlot& slot, FrameHeader& header) { fill_content(content, slot, header); });
  }
  [[nodiscard]] static PictureInfo info(VkExtent2D extent) {
    return {.extent = extent, .theme = &GetParam().theme()};
  }
  [[nodiscard]] StageTexts texts() const { return content_texts(content_.classes); }

  void expect_golden(const char* what, VkExtent2D extent,
                     const std::function<void(const PassContext&, std::vector<ScreenLabel>&)>& record) {
    const Picture picture = scene_->draw(info(extent), record);
    if (!testing::has_reference_font()) GTEST_SKIP() << "drawn in another typeface than the references";
    EXPECT_EQ(testing::compare_golden(kFolders, fmt::format("flat_{}_{}", what, GetParam().name), picture),
              "");
  }

  std::optional<Scene> scene_;
  Content content_;
};

INSTANTIATE_TEST_SUITE_P(Themes, Flat, ::testing::ValuesIn(kLooks),
                         [](const auto& look) { return look.param.name; });

void append_sample_lines(const Theme& theme, std::vector<ScreenLabel>& labels) {
  float y = 12;
  for (const float size : {12.F, 13.F, 15.F, 17.F, 22.F, 32.F, 48.F, 64.F}) {
    y = std::round(y + 1.25F * size);
    labels.push_back({.text = "Test 0.55 \u00B7 \u03B1 \u03B2 \u03C1 \u03B8 \u03BB \u03C3 \u03B7 \u2192 "
                              "\u22123.2\u00D710\u207B\u2074 \u00C5ngstr\u00F6m \u017B\u00F3\u0142\u0107",
                      .pixel = {20, y},
                      .size = size,
                      .color = theme.text});
    y = std::round(y + 1.25F * size);
    labels.push_back({.text = "Train 0.42 \u2013 H\u00E4morrhagie\u2026 AVATAR \U0001F600",
                      .pixel = {20, y},
                      .size = size,
                      .color = theme.text_muted,
                      .weight = Weight::kBold});
  }
}

// Every alignment, about a cross on its anchor.
void append_alignments(const PassContext& context, const PanelPass& panels,
                       std::vector<ScreenLabel>& labels) {
  ScreenLabel label{.text = "Align", .size = 17, .color = context.theme.text};
  for (const int column : {0, 1, 2}) {
    for (const int row : {0, 1, 2, 3}) {
      label.pixel = {640 + 110 * column, 24 + 36 * row};
      label.align_x = static_cast<AlignX>(column);
      label.align_y = static_cast<AlignY>(row);
      labels.push_back(label);
      const glm::vec2 at = label.pixel;
      panels.draw(context, Panel{.rect = {at.x - 12, at.y, 24, 1}, .fill = context.theme.axis});
      panels.draw(context, Panel{.rect = {at.x, at.y - 12, 1, 24}, .fill = context.theme.axis});
    }
  }
  label = {.text = "loss", .pixel = {940, 100}, .size = 17, .color = context.theme.test, .upward = true};
  labels.push_back(label);
}

// Over a restless ground, an outline keeps words readable.
void append_outlined(const PassContext& context, const PanelPass& panels, std::vector<ScreenLabel>& labels) {
  panels.draw(context, Panel{.rect = {600, 165, 340, 56},
                             .fill = context.theme.train,
                             .border_color = context.theme.axis,
                             .radius = 12,
                             .border = 2});
  for (int i = 0; i < 32; ++i) {
    const float x = 612 + 10 * static_cast<float>(i);
    panels.draw(context, Panel{.rect = {x, 172, 5, 42}, .fill = context.theme.test});
  }
  labels.push_back({.text = "minimum 0.0312",
                    .pixel = {770, 193},
                    .size = 24,
                    .color = context.theme.text,
                    .align_x = AlignX::kCentre,
                    .align_y = AlignY::kMiddle,
                    .outline = 3,
                    .outline_color = context.theme.panel});
}

TEST_P(Flat, Text) {
  expect_golden("text", {960, 540}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    append_sample_lines(context.theme, labels);
    append_alignments(context, scene_->panels(), labels);
    append_outlined(context, scene_->panels(), labels);
  });
}

TEST_P(Flat, Tiles) {
  publish({});
  expect_golden("tiles", {960, 540}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->tiles().draw(context, {20, 14, 420, 512}, texts(), labels);
    // Too small for all channels.
    scene_->tiles().draw(context, {470, 14, 470, 270}, texts(), labels);
  });
}

TEST_P(Flat, Bars) {
  publish({});
  expect_golden("bars_right", {460, 120}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->bars().draw(context, {20, 14, 420, 90}, texts(), labels);
  });
  publish({.classes = 12, .label = 4, .wrong = true});
  expect_golden("bars_wrong", {940, 370}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->bars().draw(context, {20, 14, 420, 340}, texts(), labels);
    scene_->bars().draw(context, {500, 14, 420, 100}, texts(), labels);  // not room for all
  });
}

TEST_P(Flat, Curves) {
  publish({.done = 35});
  expect_golden("curves_many", {960, 530}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->curves().draw(context, {20, 14, 440, 500}, labels);
    scene_->curves().draw(context, {490, 14, 450, 224}, labels);
  });
  publish({.epochs = 10, .done = 8, .steps_per_epoch = 12, .gaps = true});
  expect_golden("curves_few", {480, 530}, [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->curves().draw(context, {20, 14, 440, 500}, labels);
  });
}

TEST_P(Flat, WordsBeyondTheBufferAreLeftOut) {
  scene_->draw(info({320, 180}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    const ScreenLabel label{.text = "0123456789", .pixel = {20, 90}, .size = 12, .color = context.theme.text};
    labels.assign(TextPass::kMaxQuads / 10 + 100, label);
  });
}

TEST_P(Flat, NothingBeforeTheFirstPublishButAxes) {
  std::size_t words = 0;
  scene_->draw(info({960, 540}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
    scene_->tiles().draw(context, {20, 14, 420, 500}, texts(), labels);
    scene_->bars().draw(context, {20, 14, 420, 500}, texts(), labels);
    EXPECT_TRUE(labels.empty());
    scene_->curves().draw(context, {20, 14, 420, 500}, labels);
    words = labels.size();
  });
  EXPECT_GT(words, 4U);
}

// The box of a label's ink, a little narrower than its em so that neighbours may touch.
Rect ink(const Font& font, const ScreenLabel& label) {
  const glm::vec2 origin = label_origin(font, label);
  return {origin.x, origin.y - font.metrics().cap_height * label.size,
          text_width(font, font_weight(label.weight), label.text, label.size),
          font.metrics().cap_height * label.size};
}

TEST_P(Flat, WordsNeitherOverlapNorLeaveTheirPanel) {
  const std::vector<Content> contents = {{},
                                         {.done = 1},
                                         {.epochs = 1, .done = 0},
                                         {.epochs = 2000, .done = 1900, .steps_per_epoch = 2},
                                         {.classes = 12, .label = 4, .wrong = true},
                                         {.gaps = true, .test_set = false},
                                         {.loss_factor = 1e4F},
                                         {.loss_factor = 1e30F},
                                         {.classes = 5},
                                         {.classes = 32}};
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
        for (const Rect& outer : {layout.tiles, layout.bars, layout.curves}) {
          const Rect panel = inset(snapped(outer), layout.padding);
          labels.clear();
          if (outer.y == layout.tiles.y) scene_->tiles().draw(context, panel, texts(), labels);
          if (outer.y == layout.bars.y) scene_->bars().draw(context, panel, texts(), labels);
          if (outer.y == layout.curves.y) scene_->curves().draw(context, panel, labels);
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

TEST_P(Flat, TilesShowTheRingsOwnBytes) {
  // A 4 x 4 image, enlarged: texel (x, y) holds (4 y + x) / 15.
  scene_->publish([](const FrameSlot& slot, FrameHeader& header) {
    header.layer_count = 1;
    header.layers[0] = {.channels = 1, .height = 4, .width = 4, .minimum = 0, .maximum = 1};
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

TEST_P(Flat, CurvesPassThroughTheRingsValues) {
  // Flat lines, so that any pixel of a row tells: training loss 0.75, test loss 0.25, of at most 1.
  constexpr std::uint32_t kEpochs = 40;
  FrameHeader written;
  scene_->publish([&](const FrameSlot& slot, FrameHeader& header) {
    header.steps_per_epoch = 1;
    header.total_steps = header.step = kEpochs;
    header.epoch_count = kEpochs;
    header.curve_loss_max = 1;
    for (std::uint32_t i = 0; i < kEpochs; ++i) slot.epochs()[i] = {0.75F, 0.2F, 0.25F, 0.9F};
    // A gap where the training loss is not a number.
    slot.epochs()[20].loss = std::nanf("");
    written = header;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).loss;
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
TEST_P(Flat, StepsLieAroundTheirEpoch) {
  constexpr std::uint32_t kEpochs = 9, kSteps = 20;
  FrameHeader written;
  scene_->publish([&](const FrameSlot& slot, FrameHeader& header) {
    header.steps_per_epoch = kSteps;
    header.total_steps = header.step = header.step_count = kEpochs * kSteps;
    header.epoch_count = kEpochs;
    header.curve_loss_max = 1;
    // The loss of epoch 4's steps alone is high; the epochs' own curve is not in the way.
    for (std::uint32_t i = 0; i < kEpochs; ++i) slot.epochs()[i] = {0.1F, 0.2F, 0.1F, 0.9F};
    for (std::uint32_t i = 0; i < kEpochs * kSteps; ++i)
      slot.step_losses()[i] = i / kSteps == 4 ? 0.73F : 0.3F;
    written = header;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).loss;
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
TEST_P(Flat, TheBandLeavesOutTheOutermostSteps) {
  constexpr std::uint32_t kEpochs = 40, kSteps = 100;
  FrameHeader written;
  scene_->publish([&](const FrameSlot& slot, FrameHeader& header) {
    header.steps_per_epoch = kSteps;
    header.total_steps = header.step = header.step_count = kEpochs * kSteps;
    header.epoch_count = 1;
    header.curve_loss_max = 1;
    slot.epochs()[0] = {0.02F, 0, 0.02F, 0};
    // Losses from 0.4 to 0.6, one of twenty far above; strides of the sampling must not fall in step with it.
    for (std::uint32_t i = 0; i < header.step_count; ++i)
      slot.step_losses()[i] = i % 19 == 7 ? 0.95F : 0.4F + 0.2F * static_cast<float>(i * 7 % 101) / 100;
    slot.step_losses()[1234] = std::nanf("");
    written = header;
  });
  const Rect panel{10, 10, 440, 500};
  const Picture picture =
      scene_->draw(info({460, 520}), [&](const PassContext& context, std::vector<ScreenLabel>& labels) {
        scene_->curves().draw(context, panel, labels);
        labels.clear();
      });
  const ChartLayout chart = lay_out_curves(written, panel, scene_->font(), 1).loss;
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
