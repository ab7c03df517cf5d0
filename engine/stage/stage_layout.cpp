#include "engine/stage/stage_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fl {
namespace {

constexpr float kLandscapeShare = 0.62f;
constexpr float kPresenterShare = 0.54f;  // with words twice as large
constexpr float kMargin = 14;             // pixels at scale 1
constexpr float kGap = 12;
constexpr float kHeadlineHeight = 52;
constexpr float kFootnoteHeight = 26;
// Of the column's height, where all parts are shown.
constexpr std::array kShares{0.48f, 0.15f, 0.37f};
constexpr float kLeastTiles = 0.28f;
constexpr float kPadding = 12;
// What the panels ask for at scale 1 (bars.cpp, curves.cpp).
constexpr float kPanelWidth = 330;
constexpr float kCurvesHeight = 190;
constexpr float kBarsHeight = 31, kBarsRow = 21;
constexpr std::uint32_t kMostBars = 8;
// And the legend of descents (path_legend.cpp).
constexpr float kPathsHeight = 32, kPathsRow = 34, kMostPaths = 0.6f;

// Heights of tiles, bars and curves, 0 for what is not shown.
std::array<float, 3> column_heights(float free, float width, float scale, const std::array<bool, 3>& shown,
                                    const StageNeeds& needs) {
  float total = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) total += shown[i] ? kShares[i] : 0.0f;
  std::array<float, 3> heights{};
  for (std::size_t i = 0; i < shown.size(); ++i) heights[i] = shown[i] ? free * kShares[i] / total : 0;
  auto& [tiles, bars, curves] = heights;
  const float padding = 2 * kPadding * scale;
  const float words = std::min(scale * needs.text_scale, (width - padding) / kPanelWidth);
  const auto bars_for = [&](std::uint32_t classes) { return padding + bars_height(classes, words); };
  const float rest = shown[0] ? (1 - kLeastTiles) * free : free;
  if (shown[2]) curves = std::max(curves, std::min(padding + kCurvesHeight * words, 0.5f * free));
  if (shown[1]) {
    const float wanted = bars_for(needs.class_count);
    const float room = shown[2] ? rest - curves : rest;
    bars = std::max(bars, std::min(wanted, std::max(room, bars_for(2))));
  }
  // What the two took beyond their share.
  if (needs.path_count > 0 && shown[0] && shown[2] && !shown[1]) {
    const float wanted = padding + (kPathsHeight + kPathsRow * static_cast<float>(needs.path_count)) * words;
    tiles = std::min(wanted, kMostPaths * free);
    curves = free - tiles;
  } else if (shown[0])
    tiles = free - bars - curves;
  else if (shown[2])
    curves = free - bars;
  return heights;
}

}  // namespace

float bars_height(std::uint32_t class_count, float scale) {
  return (kBarsHeight + kBarsRow * static_cast<float>(std::clamp(class_count, 2u, kMostBars))) * scale;
}

StageLayout lay_out_stage(VkExtent2D extent, float scale, const StageParts& parts, const StageNeeds& needs) {
  const auto width = static_cast<float>(extent.width);
  const auto height = static_cast<float>(extent.height);
  const float margin = kMargin * scale;
  const float gap = kGap * scale;
  const std::array shown{parts.tiles || parts.paths, parts.bars, parts.curves};
  const bool any = shown[0] || shown[1] || shown[2];

  StageLayout layout;
  Rect column;
  layout.landscape = {0, 0, width, height};
  if (any && width >= height) {
    const float larger = std::clamp(needs.text_scale - 1, 0.0f, 1.0f);
    layout.landscape.width = std::round(width * std::lerp(kLandscapeShare, kPresenterShare, larger));
    column = {layout.landscape.right(), margin, width - layout.landscape.right() - margin,
              height - 2 * margin};
  } else if (any) {
    layout.landscape.height = std::round(height * (1 - kLandscapeShare) + width * 0.2f);
    column = {margin, layout.landscape.bottom(), width - 2 * margin,
              height - layout.landscape.bottom() - margin};
  }
  layout.padding = kPadding * scale;
  const float words = scale * needs.text_scale;
  layout.headline = {margin * 1.4f, margin, layout.landscape.width - 2.8f * margin, kHeadlineHeight * words};
  layout.footnote = {margin * 1.4f, layout.landscape.bottom() - kFootnoteHeight * words,
                     layout.landscape.width - 2.8f * margin, kFootnoteHeight * words};
  if (!any) return layout;

  const auto count =
      std::accumulate(shown.begin(), shown.end(), 0, [](int n, bool on) { return n + (on ? 1 : 0); });
  const float free = column.height - gap * static_cast<float>(count - 1);
  const std::array rects{parts.paths ? &layout.paths : &layout.tiles, &layout.bars, &layout.curves};
  const auto heights = column_heights(free, column.width, scale, shown, needs);
  float y = column.y;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!shown[i]) continue;
    *rects[i] = {column.x, y, column.width, heights[i]};
    y += rects[i]->height + gap;
  }
  return layout;
}

}  // namespace fl
