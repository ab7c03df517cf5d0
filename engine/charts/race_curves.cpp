// The curves of a race: a line a run, in its colour and with its pattern.

#include <algorithm>
#include <cmath>

#include "shaders/shared/curves.h"

#include "engine/charts/curves.h"
#include "engine/pass/lane_look.h"
#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

constexpr float kDotWidth = 6;    // pixels at scale 1
constexpr float kEndSize = 1.5F;  // of a cross, in sizes of the words

}  // namespace

void CurvesPass::draw_race(const PassContext& context, const CurvesLayout& layout) const {
  const RaceFacts& race = context.frame.facts.race;
  const std::uint32_t count = std::min(race.lanes, kFrameMaxPaths);
  bind_flat(context, pipeline_);
  const auto draw = [&](std::uint32_t i, const ChartLayout& chart, Series series, std::uint32_t first) {
    if (series.count == 0) return;
    const std::uint32_t number = lane_number(context.frame, i);
    series.color = lane_color(context.theme, number);
    shared::CurvesPush push = push_for(layout, chart, series);
    push.first = first;
    push.pattern = lane_pattern(number);
    draw_segments(context, push);
    if (series.id == shared::kPathLoss || series.count > 1) return;
    push.mode = shared::kDots;  // one epoch makes no line
    push.pattern = shared::kSolid;
    push.width = kDotWidth * layout.scale;
    draw_segments(context, push);
  };
  // Whole lines first: where several run over each other, those with gaps are seen on them.
  for (std::uint32_t pattern = 0; pattern < shared::kPatterns; ++pattern)
    for (std::uint32_t i = 0; i < count; ++i) {
      if (lane_pattern(lane_number(context.frame, i)) != pattern || lane_hidden(context, i)) continue;
      const FramePath& path = context.frame.header.paths[i];
      const LaneFacts& lane = race.lane.at(i);
      draw(i, layout.upper, {.id = shared::kPathLoss, .count = path.count, .each = lane.each_step},
           path.first);
      const float each = lane.each_epoch * lane.point_epochs;
      draw(i, layout.lower,
           {.id = race.tested != 0 ? shared::kTestAccuracy : shared::kTrainAccuracy,
            .count = lane.epochs,
            .begin = each + lane.each_epoch * lane.epochs_before,
            .each = each},
           lane.first_epoch);
    }
}

void CurvesPass::append_ends(const PassContext& context, const CurvesLayout& layout,
                             std::vector<ScreenLabel>& labels) {
  const RaceFacts& race = context.frame.facts.race;
  const ChartLayout& chart = layout.upper;
  for (std::uint32_t i = 0; i < std::min(race.lanes, kFrameMaxPaths); ++i) {
    const LaneFacts& lane = race.lane.at(i);
    if (lane.diverged == 0 || lane_hidden(context, i)) continue;
    const float along = std::clamp(lane.last_step * lane.each_step / chart.most.x, 0.0F, 1.0F);
    const double loss = chart.log ? std::log10(std::max(static_cast<double>(lane.last_loss), 1e-30))
                                  : static_cast<double>(lane.last_loss);
    const float row = std::clamp(chart.row(loss), chart.plot.y, chart.plot.bottom());
    labels.push_back({.text = "\u00d7",
                      .pixel = {std::round(chart.plot.x + along * chart.plot.width), std::round(row)},
                      .size = std::round(kEndSize * layout.text_size),
                      .color = lane_color(context.theme, lane_number(context.frame, i)),
                      .align_x = AlignX::kCentre,
                      .align_y = AlignY::kMiddle,
                      .weight = Weight::kBold});
  }
}

}  // namespace fl
