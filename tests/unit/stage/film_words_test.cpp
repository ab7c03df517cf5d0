// Captions: readable from the last row, inside the landscape, clear of the cards beside it.

#include "engine/stage/words/film_words.h"

#include <gtest/gtest.h>

#include "engine/text/text_layout.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

const std::vector<std::string> kSentences = {
    "Down.", "Each step goes against the gradient: straight down, as far as the learning rate says.",
    "A caption of the greatest length that a scene may have, which is a hundred and sixty bytes, and which "
    "has to fit in three lines of a small picture as well."};

TEST(Captions, StandInTheLandscapeAndAreLargeEnough) {
  Frame frame{};
  for (const VkExtent2D extent :
       {VkExtent2D{640, 360}, {1280, 720}, {1920, 1080}, {1080, 1920}, {3840, 2160}})
    for (const float enlarged : {1.F, kPresenterText})
      for (const std::string& words : kSentences) {
        const float scale = static_cast<float>(std::min(extent.width, extent.height)) / 720;
        const StageLayout layout = lay_out_stage(extent, scale, {}, {.text_scale = enlarged});
        const PassContext context{.extent = extent,
                                  .viewport = layout.landscape,
                                  .frame = frame,
                                  .theme = dark_theme(),
                                  .scale = scale * enlarged,
                                  .picture_scale = scale};
        std::vector<ScreenLabel> labels;
        const Panel panel = caption_panel(context, font(), layout.landscape, false, {words}, 1, labels);
        SCOPED_TRACE(::testing::Message()
                     << extent.width << " x " << extent.height << ", " << enlarged << ": " << words);
        EXPECT_GE(panel.rect.x, layout.landscape.x);
        EXPECT_LE(panel.rect.right(), layout.landscape.right());
        EXPECT_GE(panel.rect.y, layout.landscape.y);
        EXPECT_LE(panel.rect.bottom(), layout.landscape.bottom() + 0.5F);
        EXPECT_LE(labels.size(), 4u);
        std::string all;
        for (const ScreenLabel& label : labels) {
          EXPECT_GE(label.size, 17.5F * scale);
          EXPECT_LE(text_width(font(), FontWeight::kSemiBold, label.text, label.size), panel.rect.width);
          all += (all.empty() ? "" : " ") + label.text;
        }
        EXPECT_EQ(all, words);
      }
}

TEST(Captions, AreSeenAsFarAsTheyHaveCome) {
  Frame frame{};
  const PassContext context{.extent = {1280, 720}, .frame = frame, .theme = dark_theme()};
  std::vector<ScreenLabel> labels;
  const Panel panel = caption_panel(context, font(), {0, 0, 800, 700}, true, {"Half."}, 0.5F, labels);
  EXPECT_NEAR(labels.front().color.a, dark_theme().text.a / 2, 1e-6);
  EXPECT_LT(panel.fill.a, 0.5F);
  EXPECT_EQ(panel.rect.y, 0);
  StageTexts texts;
  texts.captions = {{"One."}};
  ViewState view;
  EXPECT_EQ(shown_caption(texts, view), nullptr);
  view.caption = {1, 0.2F};
  EXPECT_EQ(shown_caption(texts, view), &texts.captions[0]);
  view.caption = {2, 1};
  EXPECT_EQ(shown_caption(texts, view), nullptr);
}

}  // namespace
}  // namespace fl
