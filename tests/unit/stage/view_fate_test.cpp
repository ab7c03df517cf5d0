// The charts of a run's fate: inside their card, bars as high as their ridges, and a sentence where there is
// none.
#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "engine/charts/fate/fate_layout.h"
#include "engine/stage/view_state.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

constexpr Rect kArea{800, 190, 440, 260};

Frame frame_of(std::vector<float> ridges) {
  Frame frame;
  FateFacts& fate = frame.facts.fate;
  fate.count = static_cast<std::uint32_t>(ridges.size());
  fate.most_loss = 0.36F;
  for (std::uint32_t i = 0; i < fate.count; ++i) {
    fate.steps.at(i) = {.step = 12 * i, .state = FateState::kSealed, .measured = 1, .ridge = ridges[i]};
    fate.most_ridge = std::max(fate.most_ridge, ridges[i]);
  }
  return frame;
}

FateLayout layout_of(const Frame& frame, const Rect& area = kArea) {
  return lay_out_fate(PassContext{.frame = frame, .theme = dark_theme()}, area, font());
}

bool says(const FateLayout& layout, const std::string& text) {
  return std::ranges::any_of(
      layout.labels, [&](const ScreenLabel& label) { return label.text.find(text) != label.text.npos; });
}

TEST(FateLayout, StaysInsideItsCard) {
  for (const Rect& area : {kArea, Rect{10, 60, 330, 230}, Rect{20, 60, 1240, 400}}) {
    const FateLayout layout = layout_of(frame_of({0.35F, 0.057F, 0.017F, 0.01F, 0.004F, 0.0016F}), area);
    ASSERT_FALSE(layout.plot.empty());
    EXPECT_GE(layout.most_loss, 0.36F);
    for (const Panel& panel : layout.panels) {
      EXPECT_GE(panel.rect.x, area.x);
      EXPECT_LE(panel.rect.right(), area.right() + 1);
      EXPECT_LE(panel.rect.bottom(), area.bottom());
      EXPECT_GE(panel.rect.y, area.y);
    }
    for (const ScreenLabel& label : layout.labels) {
      EXPECT_GE(label.pixel.y, area.y) << label.text;
      EXPECT_LE(label.pixel.y, area.bottom()) << label.text;
    }
  }
}

TEST(FateLayout, ABarIsAsHighAsItsRidge) {
  const FateLayout layout = layout_of(frame_of({0.4F, 0.1F}));
  ASSERT_GE(layout.panels.size(), 2u);
  const Panel &high = layout.panels[layout.panels.size() - 2], &low = layout.panels.back();
  EXPECT_NEAR(high.rect.height / low.rect.height, 4, 0.3);
  EXPECT_EQ(high.fill, dark_theme().accent) << "the chosen one";
  EXPECT_NE(low.fill, high.fill);
}

TEST(FateLayout, SaysWhatIsMissing) {
  Frame frame = frame_of({0.4F, 0.1F});
  EXPECT_FALSE(says(layout_of(frame), "The run"));
  frame.facts.fate.chosen = 1;
  frame.facts.fate.steps[1] = {.step = 12};
  EXPECT_TRUE(says(layout_of(frame), "The run has not come to step 12."));
  frame.facts.fate.steps[1] = {.step = 12,
                               .state = FateState::kBroken,
                               .measured = 1,
                               .ridge = std::numeric_limits<float>::quiet_NaN()};
  EXPECT_TRUE(says(layout_of(frame), "A fork has diverged"));
  EXPECT_TRUE(layout_of(Frame()).plot.empty()) << "nobody asks";
}

TEST(FateLayout, TakesThePlaceOfMapsAndBars) {
  const StageParts parts = ViewState().parts_for(frame_of({0.4F, 0.1F}));
  EXPECT_TRUE(parts.fate);
  EXPECT_FALSE(parts.tiles || parts.bars || parts.map);
  EXPECT_FALSE(ViewState().parts_for(Frame()).fate);
}

}  // namespace
}  // namespace fl
