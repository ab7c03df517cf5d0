#include "engine/charts/seeds/seeds.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/seeds.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

constexpr float kOutlineWidth = 2.5f, kBarGap = 2;  // pixels at scale 1

// The bar that the chosen run stands for; -1: none.
int chosen_bar(const SeedFacts& facts, std::int32_t run) {
  if (run < 0) return -1;
  const auto* found = std::find(facts.cells.begin(), facts.cells.begin() + facts.bars, run);
  return found != facts.cells.begin() + facts.bars ? static_cast<int>(found - facts.cells.begin()) : -1;
}

}  // namespace

SeedsPass::SeedsPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::seeds_vert,
                                      .fragment = shader::seeds_frag,
                                      .push_bytes = sizeof(shared::SeedsPush)})) {}

void SeedsPass::draw(const PassContext& context, const Rect& area, const SweepChoice& choice,
                     std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const SeedsLayout layout = lay_out_seeds(context, area, *font_);
  if (layout.plot.empty()) return;
  const SeedFacts& facts = context.frame.facts.sweep.seeds;
  const Rect& plot = layout.plot;
  panels_->draw(context, layout.panels);
  shared::SeedsPush push{.plot = {plot.x, plot.y, plot.width, plot.height},
                         .color = context.theme.test,
                         .chosen_color = context.theme.train,
                         .bars = facts.bars,
                         .first = 0,
                         .chosen = chosen_bar(facts, choice.place),
                         .most = layout.most,
                         .line = 0,
                         .gap = std::round(kBarGap * context.scale)};
  bind_flat(context, pipeline_);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, facts.bars, 0, 0);
  push.color = push.chosen_color = context.theme.text;
  push.first = kMostSeedBars;
  push.line = std::round(kOutlineWidth * context.scale);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, facts.bars, 0, 0);
  panels_->draw(context, Panel{.rect = {plot.x, plot.bottom(), plot.width, std::max(1.0f, context.scale)},
                               .fill = context.theme.axis});
  labels_out.insert(labels_out.end(), layout.labels.begin(), layout.labels.end());
}

}  // namespace fl
