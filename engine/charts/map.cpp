#include "engine/charts/map.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/map.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kDot = 4.5F, kMean = 9, kArrow = 14, kArrowLine = 4.5F, kBoundary = 2;

}  // namespace

MapPass::MapPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::map_vert,
                                      .fragment = shader::map_frag,
                                      .push_bytes = sizeof(shared::MapPush)})) {}

void MapPass::draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
                   std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const MapFacts& map = context.frame.facts.map;
  const MapLayout layout = lay_out_map(context, panel, texts, *font_);
  if (layout.plot.empty()) return;
  const Rect& plot = layout.plot;
  const float scale = layout.mark_scale;
  shared::MapPush push{.plot = {plot.x, plot.y, plot.width, plot.height},
                       .square = {map.center_x, map.center_y, map.half, 0},
                       .shown = {layout.shown, 0, 0},
                       .classes = map.classes,
                       .side = map.side,
                       .picture = map.pictures,
                       .shown_size = map.shown.size,
                       .shown_label = map.shown.label};
  // Nothing of an image at the edge stands over its square.
  PassContext inside = context;
  inside.clip = common_part(context.clip, plot);
  const auto draw = [&](const PassContext& where, std::uint32_t kind, std::uint32_t first,
                        std::uint32_t count, float size, float line) {
    if (count == 0) return;
    push.kind = kind;
    push.first = first;
    push.size = size;
    push.line = line;
    bind_flat(where, pipeline_);
    pipeline_.push(where.cmd, push);
    vkCmdDraw(where.cmd, 4, count, 0, 0);
  };
  const auto pixels = [scale](float at_scale_1) { return std::max(1.0F, at_scale_1 * scale); };
  draw(inside, shared::kField, 0, 1, 0, pixels(kBoundary));
  draw(inside, shared::kDots, layout.pictures, map.images - layout.pictures, pixels(kDot), pixels(1));
  draw(inside, shared::kPictures, 0, layout.pictures, layout.picture, layout.line);
  if (map.shown.size > 0)
    draw(inside, shared::kShownPicture, 0, 1, kShownSize * layout.picture, 2 * layout.line);
  draw(inside, shared::kArrows, 0, map.classes, pixels(kArrow), pixels(kArrowLine));
  draw(inside, shared::kMeans, 0, map.classes, pixels(kMean), pixels(2));
  panels_->draw(context, Panel{.rect = inset(plot, -1), .border_color = context.theme.axis, .border = 1});
  for (const MapLayout::Key& key : layout.keys) {
    push.plot = {key.middle.x, key.middle.y, 0, 0};
    draw(context, shared::kKeyMark, key.label, 1, layout.key, 0);
  }
  labels_out.insert(labels_out.end(), layout.labels.begin(), layout.labels.end());
}

}  // namespace fl
