#include "engine/charts/fate/fate_chart.h"

#include "shaders/shaders.h"
#include "shaders/shared/curves.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

constexpr float kChosenWidth = 3.5F, kOtherWidth = 1.8F;  // pixels at scale 1
constexpr float kOtherStrength = 0.55F;

}  // namespace

FatePass::FatePass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::curves_vert,
                                      .fragment = shader::curves_frag,
                                      .push_bytes = sizeof(shared::CurvesPush)})) {}

void FatePass::draw(const PassContext& context, const Rect& area,
                    std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const FateLayout layout = lay_out_fate(context, area, *font_);
  if (layout.plot.empty()) return;
  panels_->draw(context, layout.panels);
  const FateFacts& facts = context.frame.facts.fate;
  const Rect& plot = layout.plot;
  const auto draw_line = [&](std::uint32_t step) {
    const bool chosen = step == facts.chosen;
    if (facts.steps.at(step).measured == 0) return;
    pipeline_.push(context.cmd,
                   shared::CurvesPush{.plot = {plot.x, plot.y, plot.width, plot.height},
                                      .color = chosen ? context.theme.accent
                                                      : flattened(context.theme.text_muted,
                                                                  context.theme.panel, kOtherStrength),
                                      .most = {1, layout.most_loss},
                                      .width = (chosen ? kChosenWidth : kOtherWidth) * layout.scale,
                                      .series = shared::kFateLine,
                                      .count = kLinePoints,
                                      .mode = shared::kLine,
                                      .first = step * kLinePoints,
                                      .each = 1.0F / (kLinePoints - 1),
                                      .unit = layout.scale});
    vkCmdDraw(context.cmd, 4, kLinePoints, 0, 0);
  };
  bind_flat(context, pipeline_);
  for (std::uint32_t i = 0; i < facts.count; ++i)
    if (i != facts.chosen) draw_line(i);
  draw_line(facts.chosen);
  labels_out.insert(labels_out.end(), layout.labels.begin(), layout.labels.end());
}

}  // namespace fl
