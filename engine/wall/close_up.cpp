#include "engine/wall/close_up.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/pass/panel.h"
#include "engine/pass/ticks.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 20, kTextSize = 16;
constexpr float kPitch = 1.5F;  // from line to line, in sizes
constexpr float kGap = 16;
constexpr float kScaleWidth = 14;
constexpr glm::vec2 kLeastPanel{330, 122};
constexpr float kPictureShare = 0.64F;  // of the panel's width, at most

bool has_tiles(const FrameLayer& layer) {
  return layer.channels > 0 && (layer.height > 1 || layer.width > 1);
}

// An image of three channels is one tile.
std::uint32_t tile_count(const Frame& frame, std::uint32_t layer) {
  const FrameLayer& l = frame.header.layers[layer];
  return layer == 0 && l.channels == 3 ? 1 : l.channels;
}

}  // namespace

bool can_enlarge(const Frame& frame, const TileChoice& tile) {
  return tile.layer < std::min(frame.facts.layer_count, kFrameMaxLayers) &&
         has_tiles(frame.header.layers[tile.layer]) && tile.channel < tile_count(frame, tile.layer);
}

TileChoice next_tile(const Frame& frame, TileChoice tile, int layers, int channels) {
  TileChoice next = tile;
  next.channel = tile.channel + static_cast<std::uint32_t>(channels);  // below 0 wraps to what is not there
  do next.layer += static_cast<std::uint32_t>(layers);
  while (layers != 0 && next.layer < frame.facts.layer_count && !has_tiles(frame.header.layers[next.layer]));
  if (layers != 0 && next.layer < frame.facts.layer_count)
    next.channel = std::min(next.channel, tile_count(frame, next.layer) - 1);
  return can_enlarge(frame, next) ? next : tile;
}

CloseUp lay_out_close_up(const PassContext& context, const Rect& panel, const TileChoice& tile,
                         const StageTexts& texts, const Font& font) {
  const FrameLayer& layer = context.frame.header.layers[tile.layer];
  const float scale = panel_scale(context, panel, kLeastPanel);
  const float gap = std::round(kGap * scale);
  const float side = std::floor(std::min(panel.height, kPictureShare * panel.width));
  CloseUp close{.picture = {panel.x, panel.y + std::floor((panel.height - side) / 2), side, side},
                .values = {},
                .labels = {}};
  const float left = close.picture.right() + gap;
  const float room = panel.right() - left;
  ScreenLabel label{.size = std::round(kTitleSize * scale),
                    .color = context.theme.text,
                    .align_y = AlignY::kTop,
                    .weight = Weight::kBold};
  label.pixel = {left, close.picture.y};
  const auto line = [&](const std::string& text) {
    label.text = fit_text(font, font_weight(label.weight), text, label.size, room);
    close.labels.push_back(label);
    label.pixel.y += std::round(kPitch * label.size);
  };
  line(layer_name(texts, tile.layer));
  label.weight = Weight::kRegular;
  label.size = std::round(kTextSize * scale);
  const std::uint32_t count = tile_count(context.frame, tile.layer);
  if (count > 1) line(fmt::format("channel {} of {}", tile.channel + 1, count));
  label.color = context.theme.text_muted;
  line(fmt::format("{} \u00D7 {}", layer.height, layer.width));
  const std::int32_t heat = context.frame.facts.heat_class;
  if (heat >= 0 && tile.layer == 0) {
    label.color = context.theme.text;
    line(fmt::format("for {}", class_name(texts, static_cast<std::size_t>(heat))));
    label.color = context.theme.text_muted;
  }

  const float top = std::min(label.pixel.y + gap / 2, close.picture.bottom());
  close.values = {left, top, std::round(kScaleWidth * scale), close.picture.bottom() - top};
  if (close.values.height < 2.5F * label.size) {
    close.values.height = 0;
    return close;
  }
  label.pixel.x = close.values.right() + gap / 2;
  label.color = context.theme.text;
  label.pixel.y = close.values.y;
  label.text = format_value(layer.maximum);
  close.labels.push_back(label);
  label.pixel.y = close.values.bottom();
  label.align_y = AlignY::kBaseline;
  label.text = format_value(layer.minimum);
  close.labels.push_back(label);
  return close;
}

}  // namespace fl
