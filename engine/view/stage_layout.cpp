#include "engine/view/stage_layout.h"

#include <array>
#include <cmath>
#include <numeric>

namespace fl {
namespace {

constexpr float kLandscapeShare = 0.62f;
constexpr float kMargin = 14;  // pixels at scale 1
constexpr float kGap = 12;
constexpr float kHeadlineHeight = 52;
constexpr float kFootnoteHeight = 26;
// Of the column's height, where all parts are shown.
constexpr std::array kShares{0.48f, 0.15f, 0.37f};

}  // namespace

StageLayout lay_out_stage(VkExtent2D extent, float scale, const StageParts& parts) {
  const auto width = static_cast<float>(extent.width);
  const auto height = static_cast<float>(extent.height);
  const float margin = kMargin * scale;
  const float gap = kGap * scale;
  const std::array shown{parts.tiles, parts.bars, parts.curves};
  float total_share = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) total_share += shown[i] ? kShares[i] : 0.0f;

  StageLayout layout;
  Rect column;
  layout.landscape = {0, 0, width, height};
  if (total_share > 0 && width >= height) {
    layout.landscape.width = std::round(width * kLandscapeShare);
    column = {layout.landscape.right(), margin, width - layout.landscape.right() - margin,
              height - 2 * margin};
  } else if (total_share > 0) {
    layout.landscape.height = std::round(height * (1 - kLandscapeShare) + width * 0.2f);
    column = {margin, layout.landscape.bottom(), width - 2 * margin,
              height - layout.landscape.bottom() - margin};
  }
  layout.headline = {margin * 1.4f, margin, layout.landscape.width - 2.8f * margin, kHeadlineHeight * scale};
  layout.footnote = {margin * 1.4f, layout.landscape.bottom() - kFootnoteHeight * scale,
                     layout.landscape.width - 2.8f * margin, kFootnoteHeight * scale};
  if (total_share <= 0) return layout;

  const auto count =
      std::accumulate(shown.begin(), shown.end(), 0, [](int n, bool on) { return n + (on ? 1 : 0); });
  const float free = column.height - gap * static_cast<float>(count - 1);
  const std::array rects{&layout.tiles, &layout.bars, &layout.curves};
  float y = column.y;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!shown[i]) continue;
    *rects[i] = {column.x, y, column.width, free * kShares[i] / total_share};
    y += rects[i]->height + gap;
  }
  return layout;
}

}  // namespace fl
