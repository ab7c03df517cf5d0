#include "engine/charts/sweep/sweep.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/sweep.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

constexpr float kLeastForGap = 7;  // pixels of a cell's shorter side, from which its neighbours stand apart

}  // namespace

SweepPass::SweepPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::sweep_vert,
                                      .fragment = shader::sweep_frag,
                                      .push_bytes = sizeof(shared::SweepPush)})) {}

void SweepPass::draw(const PassContext& context, const Rect& area, const StageTexts& texts,
                     const ColorMap& colors, const SweepChoice& choice,
                     std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const SweepLayout layout = lay_out_sweep(context, area, *font_, texts, colors, choice);
  if (layout.plot.empty()) return;
  const SweepFacts& facts = context.frame.facts.sweep;
  const SweepFigure figure = shown_figure(facts, choice.figure);
  const Rect& plot = layout.plot;
  const float shorter =
      std::min(plot.width / static_cast<float>(facts.columns), plot.height / static_cast<float>(facts.rows));
  const shared::SweepPush push{
      .plot = {plot.x, plot.y, plot.width, plot.height},
      .ground = context.theme.panel,
      .cross_color = context.theme.warning,
      .columns = facts.columns,
      .rows = facts.rows,
      .figure = static_cast<std::uint32_t>(figure),
      .reversed = figure == SweepFigure::kLoss ? 1u : 0u,
      .line = std::max(1.5f, 0.07f * shorter),
      .gap = shorter >= kLeastForGap ? std::max(1.0f, std::round(context.scale)) : 0.0f};
  bind_flat(context, pipeline_);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, 1, 0, 0);
  panels_->draw(context, Panel{.rect = inset(plot, -1), .border_color = context.theme.axis, .border = 1});
  panels_->draw(context, layout.panels);
  panels_->draw(context, layout.frames);
  labels_out.insert(labels_out.end(), layout.labels.begin(), layout.labels.end());
}

}  // namespace fl
