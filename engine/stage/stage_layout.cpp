#include "engine/stage/stage_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fl {
namespace {

constexpr float kLandscapeShare = 0.62f;
constexpr float kPresenterShare = 0.54f;  // with words twice as large
constexpr float kMargin = 14;             // pixels at scale 1
constexpr float kGap = 12;
constexpr float kHeadlineHeight = 52;
constexpr float kFootnoteHeight = 26;
// The cards of the column from top to bottom, and what of its height each gets where all are shown.
struct ColumnCard {
  bool StageParts::*part;
  Rect StageLayout::*place;
  float share;
};
constexpr std::array kColumn{
    ColumnCard{&StageParts::tiles, &StageLayout::tiles, 0.48f},
    ColumnCard{&StageParts::paths, &StageLayout::paths, 0.48f},  // in place of the tiles
    ColumnCard{&StageParts::map, &StageLayout::map, 0.48f},      // the same
    ColumnCard{&StageParts::fate, &StageLayout::fate, 0.62f},
    ColumnCard{&StageParts::bars, &StageLayout::bars, 0.15f},
    ColumnCard{&StageParts::curves, &StageLayout::curves, 0.37f},
};
enum : std::size_t { kTiles, kPaths, kMap, kFate, kBars, kCurves };  // places in it
using ColumnHeights = std::array<float, kColumn.size()>;
using ColumnShown = std::array<bool, kColumn.size()>;

constexpr float kLeastTiles = 0.28f;
constexpr float kLeastColumn = 260, kLeastColumnHeight = 380;  // pixels at scale 1
constexpr float kPadding = 12;
// What the panels ask for at scale 1 (bars.cpp, curves.cpp).
constexpr float kPanelWidth = 330;
constexpr float kCurvesHeight = 190;
constexpr float kBarsHeight = 31, kBarsRow = 21;
constexpr std::uint32_t kMostBars = 8;
// And the legend of descents (path_legend.cpp).
constexpr float kPathsHeight = 32, kPathsRow = 34, kMostPaths = 0.6f;

// 0 for what is not shown.
ColumnHeights column_heights(float free, float width, float scale, const ColumnShown& shown,
                             const StageNeeds& needs) {
  float total = 0;
  for (std::size_t i = 0; i < kColumn.size(); ++i) total += shown[i] ? kColumn[i].share : 0.0f;
  ColumnHeights heights{};
  for (std::size_t i = 0; i < kColumn.size(); ++i)
    heights[i] = shown[i] ? free * kColumn[i].share / total : 0;
  const float padding = 2 * kPadding * scale;
  const float words = std::min(scale * needs.text_scale, (width - padding) / kPanelWidth);
  const auto bars_for = [&](std::uint32_t classes) { return padding + bars_height(classes, words); };
  const std::size_t top = shown[kPaths] ? kPaths : shown[kMap] ? kMap : kTiles;
  if (shown[kCurves])
    heights[kCurves] = std::max(heights[kCurves], std::min(padding + kCurvesHeight * words, 0.5f * free));
  if (shown[kBars]) {
    const float rest = shown[top] ? (1 - kLeastTiles) * free : free;
    const float wanted = bars_for(needs.class_count);
    const float room = shown[kCurves] ? rest - heights[kCurves] : rest;
    heights[kBars] = std::max(heights[kBars], std::min(wanted, std::max(room, bars_for(2))));
  }
  std::size_t last = shown[top] ? top : kCurves;  // what the others leave is for this one
  if (needs.path_count > 0 && shown[top] && shown[kCurves] && !shown[kBars]) {
    const float wanted = padding + (kPathsHeight + kPathsRow * static_cast<float>(needs.path_count)) * words;
    heights[top] = std::min(wanted, kMostPaths * free);
    last = kCurves;
  }
  if (!shown[last]) return heights;
  float left = free;
  for (std::size_t i = 0; i < heights.size(); ++i) left -= i != last ? heights[i] : 0;
  heights[last] = left;
  return heights;
}

}  // namespace

void StageLayout::move_right(float by) {
  constexpr std::size_t kParts = 9;
  static_assert(sizeof(StageLayout) == kParts * sizeof(Rect) + sizeof(float), "one part would stay behind");
  const std::array<Rect*, kParts> parts = {&headline, &landscape, &tiles,  &paths,   &bars,
                                           &map,      &fate,      &curves, &footnote};
  for (Rect* part : parts) part->x += by;
}

Rect StageLayout::under_headline() const {
  const float edge = headline.y;
  return {landscape.x + edge, headline.bottom() + edge / 2, landscape.width - 2 * edge,
          landscape.bottom() - headline.bottom() - 1.5f * edge};
}

float bars_height(std::uint32_t class_count, float scale) {
  return (kBarsHeight + kBarsRow * static_cast<float>(std::clamp(class_count, 2u, kMostBars))) * scale;
}

bool column_fits(VkExtent2D extent, float scale) {
  const auto width = static_cast<float>(extent.width), height = static_cast<float>(extent.height);
  if (width >= height) return (1 - kLandscapeShare) * width >= kLeastColumn * scale;
  const float below = height - std::round(height * (1 - kLandscapeShare) + width * 0.2f);
  return width >= kLeastColumn * scale && below >= kLeastColumnHeight * scale;
}

StageLayout lay_out_stage(VkExtent2D extent, float scale, const StageParts& parts, const StageNeeds& needs) {
  const auto width = static_cast<float>(extent.width);
  const auto height = static_cast<float>(extent.height);
  const float margin = kMargin * scale;
  const float gap = kGap * scale;
  ColumnShown shown{};
  for (std::size_t i = 0; i < kColumn.size(); ++i) shown[i] = parts.*kColumn[i].part;
  if (parts.paths || parts.map) shown[kTiles] = false;
  const auto count = std::ranges::count(shown, true);
  const bool any = count > 0;

  StageLayout layout;
  Rect column;
  layout.landscape = {0, 0, width, height};
  layout.padding = kPadding * scale;
  const float words = scale * needs.text_scale;
  if (any && !parts.landscape) {
    const float top = margin + kHeadlineHeight * words;
    column = {margin, top, width - 2 * margin, height - margin - top};
  } else if (any && width >= height) {
    const float larger = std::clamp(needs.text_scale - 1, 0.0f, 1.0f);
    layout.landscape.width = std::round(width * std::lerp(kLandscapeShare, kPresenterShare, larger));
    column = {layout.landscape.right(), margin, width - layout.landscape.right() - margin,
              height - 2 * margin};
  } else if (any) {
    layout.landscape.height = std::round(height * (1 - kLandscapeShare) + width * 0.2f);
    column = {margin, layout.landscape.bottom(), width - 2 * margin,
              height - layout.landscape.bottom() - margin};
  }
  layout.headline = {margin * 1.4f, margin, layout.landscape.width - 2.8f * margin, kHeadlineHeight * words};
  layout.footnote = {margin * 1.4f, layout.landscape.bottom() - kFootnoteHeight * words,
                     layout.landscape.width - 2.8f * margin, kFootnoteHeight * words};
  if (parts.large_map) {
    const float top = layout.headline.bottom();
    const float right = layout.landscape.right() - (column.x > margin ? gap : margin);
    layout.map = {margin, top, right - margin, layout.landscape.bottom() - margin - top};
  }
  if (!any) return layout;

  const float free = column.height - gap * static_cast<float>(count - 1);
  const ColumnHeights heights = column_heights(free, column.width, scale, shown, needs);
  float y = column.y;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!shown[i]) continue;
    layout.*kColumn[i].place = {column.x, y, column.width, heights[i]};
    y += heights[i] + gap;
  }
  return layout;
}

}  // namespace fl
