#include "engine/wall/tiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shaders/shaders.h"
#include "shaders/shared/tiles.h"
#include <fmt/format.h>

#include "engine/pass/pass_pipeline.h"
#include "engine/pass/plane.h"
#include "engine/text/text_layout.h"
#include "engine/wall/tiles_layout.h"

namespace fl {
namespace {

constexpr float kTitleSize = 15;
constexpr glm::vec2 kLeastPanel{330, 150};

shared::TilesPush push_for(const PassContext& context, const TileBlock& block) {
  return {.origin = block.origin,
          .size = {block.side, block.height},
          .gap = {block.gap_x, block.gap},
          .columns = static_cast<std::uint32_t>(block.columns),
          .layer = block.layer,
          .kind = static_cast<std::uint32_t>(block.kind),
          .standing = context.plane == glm::mat3{1} ? 0U : 1U,
          .plane = pushed(context.plane)};
}

// Name on the left, shape after it in a quieter colour, how much is shown on the right where not all is.
// What does not fit is left out from the right, the name last.
void append_title(const TileBlock& block, const FrameLayer& layer, const StageTexts& texts, const Font& font,
                  const PassContext& context, float scale, std::vector<ScreenLabel>& labels) {
  const float size = std::round(kTitleSize * scale);
  ScreenLabel label;
  label.pixel = block.title;
  label.size = size;
  float width = block.title_width;
  // A sign of its own for layers that are left out: as part of the name it would look cut off.
  if (block.follows_gap) {
    label.weight = Weight::kRegular;
    label.color = context.theme.text_muted;
    label.text = "\u2026";
    labels.push_back(label);
    const float sign = std::ceil(text_width(font, FontWeight::kRegular, label.text, size) + 0.55F * size);
    label.pixel.x += sign;
    width -= sign;
  }
  const std::string name = fit_text(font, FontWeight::kSemiBold, layer_name(texts, block.layer), size, width);
  label.color = context.theme.text;
  label.weight = Weight::kBold;
  label.text = name;
  labels.push_back(label);

  const float name_width = std::ceil(text_width(font, FontWeight::kSemiBold, name, size) + 0.55F * size);
  float left = width - name_width;
  label.weight = Weight::kRegular;
  label.color = context.theme.text_muted;
  // The room above an image is as narrow as the image, and that it has one channel is plain to see. With a
  // heat over it, what that speaks for is more worth saying.
  const std::int32_t heat = context.frame.facts.heat_class;
  const std::string shape = block.kind != TileKind::kImage ? layer_shape(layer)
                            : heat >= 0
                                ? fmt::format("for {}", class_name(texts, static_cast<std::size_t>(heat)))
                                : fmt::format("{} \u00D7 {}", layer.height, layer.width);
  const float shape_width = text_width(font, FontWeight::kRegular, shape, size);
  if (shape_width > left) return;
  label.pixel.x += name_width;
  label.text = shape;
  labels.push_back(label);
  left -= shape_width;

  const bool whole = block.kind == TileKind::kImage || block.shown == layer.channels;
  label.text = fmt::format("{} of {}", block.shown, layer.channels);
  if (whole || text_width(font, FontWeight::kRegular, label.text, size) + size > left) return;
  label.pixel.x = block.title.x + block.title_width;
  label.align_x = AlignX::kRight;
  labels.push_back(label);
}

}  // namespace

std::string layer_shape(const FrameLayer& layer) {
  if (layer.height == 1 && layer.width == 1) return fmt::format("{}", layer.channels);
  return fmt::format("{} \u00D7 {} \u00D7 {}", layer.channels, layer.height, layer.width);
}

TilesPass::TilesPass(const PassSetup& setup, const Font& font)
    : font_(&font),
      pipeline_(flat_pipeline(setup, {.vertex = shader::tiles_vert,
                                      .fragment = shader::tiles_frag,
                                      .push_bytes = sizeof(shared::TilesPush)})) {}

std::span<const FrameLayer> frame_layers(const Frame& frame, bool bars) {
  const std::span<const FrameLayer> layers(frame.header.layers.data(),
                                           std::min(frame.facts.layer_count, kFrameMaxLayers));
  const bool last = bars && !layers.empty() && layers.back().channels == frame.facts.class_count &&
                    layers.back().height == 1 && layers.back().width == 1;
  return last ? layers.first(layers.size() - 1) : layers;
}

FlatWall arrange_flat(const Frame& frame, const Rect& panel, float scale, float picture_scale, bool bars) {
  const std::span<const FrameLayer> layers = frame_layers(frame, bars);
  const float wanted =
      std::max(0.1F, std::min({scale, panel.width / kLeastPanel.x, panel.height / kLeastPanel.y}));
  FlatWall best{lay_out_tiles(layers, panel, wanted), wanted};
  shrink_until_whole(layers.size(), wanted, least_words(wanted, picture_scale), best.blocks, best.scale,
                     [&](float smaller) { return lay_out_tiles(layers, panel, smaller); });
  return best;
}

void TilesPass::draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
                     std::vector<ScreenLabel>& labels_out, bool bars) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  const FlatWall wall = arrange_flat(context.frame, panel, context.scale, context.picture_scale, bars);
  for (const TileBlock& block : wall.blocks) draw_block(context, block, wall.scale, texts, labels_out);
}

void TilesPass::draw_block(const PassContext& context, const TileBlock& block, float scale,
                           const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const {
  bind_flat(context, pipeline_);
  pipeline_.push(context.cmd, push_for(context, block));
  vkCmdDraw(context.cmd, 4, block.shown, 0, 0);
  append_title(block, context.frame.header.layers[block.layer], texts, *font_, context, scale, labels_out);
}

void TilesPass::draw_close_up(const PassContext& context, const Rect& panel, const TileChoice& tile,
                              const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE || !can_enlarge(context.frame, tile)) return;
  const CloseUp close = lay_out_close_up(context, panel, tile, texts, *font_);
  bind_flat(context, pipeline_);
  const bool image = is_image(frame_layers(context.frame, false), tile.layer);
  shared::TilesPush push = push_for(context, {.layer = tile.layer,
                                              .kind = image ? TileKind::kImage : TileKind::kMaps,
                                              .side = close.picture.width,
                                              .height = close.picture.height,
                                              .origin = {close.picture.x, close.picture.y}});
  push.first = tile.channel;
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, 1, 0, 0);
  if (close.values.height > 0) {
    push.kind = shared::kScale;
    push.first = image ? 1 : 0;
    push.origin = {close.values.x, close.values.y};
    push.size = {close.values.width, close.values.height};
    pipeline_.push(context.cmd, push);
    vkCmdDraw(context.cmd, 4, 1, 0, 0);
  }
  labels_out.insert(labels_out.end(), close.labels.begin(), close.labels.end());
}

}  // namespace fl
