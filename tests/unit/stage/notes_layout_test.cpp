// The lecturer's page: all of it is on the page, nothing lies on anything else, and words are as large as
// fits.
#include "engine/notes/notes_layout.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/text/text.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

NotesWords some_words(std::size_t cue) {
  return {.title = "4: overfitting",
          .state = "running, step 120 of 7500",
          .cues = {{Cue::Kind::kWatch, "Both losses fall. So far so good.",
                    "The images of lesson 3, five times as long."},
                   {Cue::Kind::kAsk, "The test accuracy hardly moves. Why does the test loss climb?",
                    "The network is as often wrong as before, only surer of it: a wrong answer at 99 % costs "
                    "far more "
                    "than one at 60 %."}},
          .cue = cue,
          .clock = "17:05",
          .passed = "12:30 since the first cue",
          .controls = {{"cue-before", "Before", cue > 0},
                       {"cue-after", "Next", cue < 2},
                       {"train-or-pause", "Pause"},
                       {"one-step", "Step"},
                       {"reset", "Rewind"},
                       {"presenter", "Presenter"},
                       {"blank", "Blank", false}}};
}

Rect box(const ScreenLabel& label) {
  const float width = text_width(font(), font_weight(label.weight), label.text, label.size);
  const float x = label.align_x == AlignX::kRight    ? label.pixel.x - width
                  : label.align_x == AlignX::kCentre ? label.pixel.x - width / 2
                                                     : label.pixel.x;
  return {x, label.align_y == AlignY::kMiddle ? label.pixel.y - label.size / 2 : label.pixel.y, width,
          label.size};
}

float largest(const NotesLayout& layout) {
  return std::ranges::max_element(layout.labels, {}, &ScreenLabel::size)->size;
}

TEST(NotesLayout, EverythingIsOnThePageAndNothingOnAnotherThing) {
  for (const VkExtent2D extent : {VkExtent2D{760, 560}, {1280, 720}, {1920, 1080}, {600, 900}, {480, 360}})
    for (const std::size_t cue : {0, 1, 2}) {
      SCOPED_TRACE(fmt::format("{} x {}, cue {}", extent.width, extent.height, cue));
      const NotesLayout layout = lay_out_notes(font(), dark_theme(), extent, 1, some_words(cue));
      std::vector<Rect> boxes;
      for (const ScreenLabel& label : layout.labels) {
        if (label.text.empty()) continue;
        const Rect now = box(label);
        EXPECT_GE(now.x, 0) << label.text;
        EXPECT_LE(now.right(), static_cast<float>(extent.width)) << label.text;
        EXPECT_LE(now.bottom(), static_cast<float>(extent.height)) << label.text;
        for (const Rect& other : boxes) EXPECT_FALSE(overlap(now, other)) << label.text;
        boxes.push_back(now);
      }
      for (const NotesLayout::Button& one : layout.buttons) {
        EXPECT_LE(one.rect.bottom(), static_cast<float>(extent.height)) << one.action;
        EXPECT_LE(one.rect.right(), static_cast<float>(extent.width)) << one.action;
      }
    }
}

TEST(NotesLayout, WordsAreAsLargeAsFits) {
  const NotesWords words = some_words(1);
  const float small = largest(lay_out_notes(font(), dark_theme(), {760, 560}, 1, words)),
              large = largest(lay_out_notes(font(), dark_theme(), {1920, 1080}, 1, words));
  EXPECT_GT(large, 1.5f * small);
  EXPECT_GE(small, 25) << "the clock is readable from beside the desk";
}

TEST(NotesLayout, ButtonsThatMeanNothingAreNoButtons) {
  const auto has = [](const NotesLayout& layout, std::string_view name) {
    return std::ranges::count(layout.buttons, name, &NotesLayout::Button::action) > 0;
  };
  const NotesLayout first = lay_out_notes(font(), light_theme(), {760, 560}, 1, some_words(0));
  EXPECT_FALSE(has(first, "cue-before"));
  EXPECT_TRUE(has(first, "cue-after"));
  EXPECT_FALSE(has(first, "blank"));
  const NotesLayout last = lay_out_notes(font(), light_theme(), {760, 560}, 1, some_words(2));
  EXPECT_TRUE(has(last, "cue-before"));
  EXPECT_FALSE(has(last, "cue-after"));
  NotesWords none = some_words(0);
  none.cues.clear();
  const NotesLayout without = lay_out_notes(font(), light_theme(), {760, 560}, 1, none);
  EXPECT_TRUE(std::ranges::any_of(
      without.labels, [](const ScreenLabel& one) { return one.text.find("no cues") != std::string::npos; }));
}

}  // namespace
}  // namespace fl
