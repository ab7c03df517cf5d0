#include "engine/view/tiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shaders/shaders.h"
#include <fmt/format.h>

#include "engine/view/panel.h"
#include "engine/view/text_layout.h"
#include "engine/view/tiles_layout.h"

namespace fl {
namespace {

constexpr float kTitleSize = 15;
constexpr glm::vec2 kLeastPanel{330, 150};

// shaders/tiles.glsl.
struct Push {
  glm::vec2 origin;
  glm::vec2 size;
  glm::vec2 gap;
  std::uint32_t columns = 1;
  std::uint32_t layer = 0;
  std::uint32_t kind = 0;
};

// Name on the left, shape after it in a quieter colour, how much is shown on the right where not all is.
// What does not fit is left out from the right, the name last.
void append_title(const TileBlock& block, const FrameLayer& layer, const StageTexts& texts, const Font& font,
                  const PassContext& context, float scale, std::vector<ScreenLabel>& labels) {
  const float size = std::round(kTitleSize * scale);
  const std::string name =
      fit_text(font, FontWeight::kSemiBold, layer_name(texts, block.layer), size, block.title_width);
  ScreenLabel label;
  label.pixel = block.title;
  label.size = size;
  label.color = context.theme.text;
  label.weight = Weight::kBold;
  label.text = name;
  labels.push_back(label);

  const float name_width = std::ceil(text_width(font, FontWeight::kSemiBold, name, size) + 0.55F * size);
  float left = block.title_width - name_width;
  label.weight = Weight::kRegular;
  label.color = context.theme.text_muted;
  // The room above an image is as narrow as the image, and that it has one channel is plain to see.
  const std::string shape = block.kind == TileKind::kImage
                                ? fmt::format("{} \u00D7 {}", layer.height, layer.width)
                                : layer_shape(layer);
  const float shape_width = text_width(font, FontWeight::kRegular, shape, size);
  if (shape_width > left) return;
  label.pixel.x = block.title.x + name_width;
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

// Before a layer is left out, a presenter's larger words shrink, at most to their ordinary size: `scale`
// becomes the largest that shows most layers.
std::vector<TileBlock> fit_wall(std::span<const FrameLayer> layers, const Rect& panel, float least,
                                float& scale) {
  constexpr float kStep = 0.93F;
  std::vector<TileBlock> best = lay_out_tiles(layers, panel, scale);
  for (float smaller = scale; best.size() < layers.size() && smaller > least;) {
    smaller = std::max(least, kStep * smaller);
    std::vector<TileBlock> blocks = lay_out_tiles(layers, panel, smaller);
    if (blocks.size() <= best.size()) continue;
    best = std::move(blocks);
    scale = smaller;
  }
  return best;
}

}  // namespace

std::string layer_shape(const FrameLayer& layer) {
  if (layer.height == 1 && layer.width == 1) return fmt::format("{}", layer.channels);
  return fmt::format("{} \u00D7 {} \u00D7 {}", layer.channels, layer.height, layer.width);
}

TilesPass::TilesPass(const PassSetup& setup, const Font& font)
    : font_(&font),
      pipeline_(setup.device, {.vertex = shader::tiles_vert,
                               .fragment = shader::tiles_frag,
                               .sets = {setup.slot_layout, setup.view_layout},
                               .push_bytes = sizeof(Push),
                               .color_format = setup.color_format,
                               .depth_format = setup.depth_format,
                               .samples = setup.samples,
                               .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP}) {}

void TilesPass::draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
                     std::vector<ScreenLabel>& labels_out) const {
  if (context.slot_set == VK_NULL_HANDLE) return;
  float scale = panel_scale(context, panel, kLeastPanel);
  const std::span<const FrameLayer> layers(context.header.layers.data(),
                                           std::min(context.header.layer_count, kFrameMaxLayers));
  set_viewport(context.cmd, context.extent,
               {0, 0, static_cast<float>(context.extent.width), static_cast<float>(context.extent.height)});
  pipeline_.bind(context.cmd);
  pipeline_.bind_set(context.cmd, 0, context.slot_set);
  pipeline_.bind_set(context.cmd, 1, context.view_set);
  const auto blocks = fit_wall(layers, panel, std::min(scale, context.picture_scale), scale);
  for (const TileBlock& block : blocks) {
    pipeline_.push(context.cmd, Push{.origin = block.origin,
                                     .size = {block.side, block.height},
                                     .gap = {block.gap_x, block.gap},
                                     .columns = static_cast<std::uint32_t>(block.columns),
                                     .layer = block.layer,
                                     .kind = static_cast<std::uint32_t>(block.kind)});
    vkCmdDraw(context.cmd, 4, block.shown, 0, 0);
    append_title(block, layers[block.layer], texts, *font_, context, scale, labels_out);
  }
}

}  // namespace fl
