#include "engine/charts/rates.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/rates.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

constexpr float kMostTaps = 4;

}  // namespace

RatesPass::RatesPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::rates_vert,
                                      .fragment = shader::rates_frag,
                                      .push_bytes = sizeof(shared::RatesPush)})) {}

void RatesPass::draw(const PassContext& context, const Rect& area,
                     std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const RatesLayout layout = lay_out_rates(context, area, *font_);
  if (layout.plot.empty()) return;
  const Rect& plot = layout.plot;
  const std::uint32_t side = context.frame.facts.rate_map.side;
  const float covered = plot.width / static_cast<float>(side);
  const shared::RatesPush push{
      .plot = {plot.x, plot.y, plot.width, plot.height},
      .side = side,
      .taps = static_cast<std::uint32_t>(std::clamp(std::ceil(1 / covered), 1.0f, kMostTaps)),
      .edge = std::max(covered, 1.0f)};
  bind_flat(context, pipeline_);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, 1, 0, 0);
  panels_->draw(context, Panel{.rect = inset(plot, -1), .border_color = context.theme.axis, .border = 1});
  for (const Rect& mark : layout.marks)
    panels_->draw(context, Panel{.rect = mark, .fill = context.theme.axis});
  for (const RateSwatch& swatch : layout.swatches)
    panels_->draw(context, Panel{.rect = swatch.rect, .fill = swatch.color});
  labels_out.insert(labels_out.end(), layout.labels.begin(), layout.labels.end());
}

}  // namespace fl
