#include "engine/charts/curvature/curvature_curves.h"

#include <algorithm>
#include <cmath>

#include "shaders/shared/curves.h"

#include "engine/charts/curves.h"
#include "engine/pass/ticks.h"

namespace fl {

std::vector<CurveName> curvature_names(const CurvatureFacts& facts) {
  const auto value = [&](float newest) {
    return facts.count > 0 && std::isfinite(newest) ? format_value(newest, 3) : std::string();
  };
  std::vector<CurveName> names{{"largest curvature", value(facts.last.sharpness)}};
  if (facts.preconditioned == 0) names.push_back({"of batches", value(facts.last.batch_sharpness)});
  if (facts.limit_rule.front() != 0) names.push_back({facts.limit_rule.data(), value(facts.last.limit)});
  return names;
}

CurvatureLook curvature_look(const CurvatureFacts& facts, std::size_t name, const Theme& theme) {
  if (name == 0) return {shared::kSharpness, shared::kSolid, theme.accent};
  if (name == 1 && facts.preconditioned == 0) return {shared::kBatchSharpness, shared::kDotted, theme.path};
  return {shared::kSharpnessLimit, shared::kDashed, theme.text};
}

void CurvesPass::draw_curvature(const PassContext& context, const CurvesLayout& layout) const {
  const CurvatureFacts& facts = context.frame.facts.curvature;
  if (facts.count == 0) return;
  const auto per_epoch = static_cast<float>(std::max(context.frame.header.steps_per_epoch, 1U));
  for (std::size_t name = curvature_names(facts).size(); name-- > 0;) {  // the sharpness over the others
    const CurvatureLook look = curvature_look(facts, name, context.theme);
    shared::CurvesPush push = push_for(layout, layout.upper,
                                       {.id = look.series,
                                        .count = facts.count,
                                        .color = look.color,
                                        .begin = -0.5F,
                                        .each = 1 / per_epoch});
    push.pattern = look.pattern;
    draw_segments(context, push);
  }
}

}  // namespace fl
