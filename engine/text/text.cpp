#include "engine/text/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "shaders/shaders.h"
#include "shaders/shared/text.h"
#include <glm/packing.hpp>

#include "engine/pass/pass_pipeline.h"

namespace fl {

// shaders/text.vert mirrors this in std430.
namespace {

// The outline fades over this share of its width: a glow, not a second letter.
constexpr float kOutlineSoftness = 0.3F;

float above_anchor(const FontMetrics& metrics, AlignY align) {
  switch (align) {
    case AlignY::kTop:
      return -metrics.cap_height;
    case AlignY::kMiddle:
      return -metrics.cap_height / 2;
    case AlignY::kBaseline:
      return 0;
    case AlignY::kBottom:
      return metrics.descent;
  }
  return 0;
}

}  // namespace

glm::vec2 label_origin(const Font& font, const ScreenLabel& label) {
  float back = 0;
  if (label.align_x != AlignX::kLeft) {
    const float width = text_width(font, font_weight(label.weight), label.text, label.size);
    back = label.align_x == AlignX::kRight ? width : width / 2;
  }
  const glm::vec2 offset{-std::round(back),
                         -std::round(above_anchor(font.metrics(), label.align_y) * label.size)};
  // Writing upward turns the text's own axes: its x is the picture's -y.
  return label.pixel + label.axes * (label.upward ? glm::vec2{offset.y, -offset.x} : offset);
}

TextPass::TextPass(const PassSetup& setup, const Font& font)
    : device_(&setup.device),
      font_(&font),
      sampler_(make_sampler(setup.device, VK_FILTER_LINEAR)),
      set_layout_(make_set_layout(setup.device, {{0}, {1, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER}})),
      pool_(setup.device, kFramesInFlight) {
  for (std::uint32_t i = 0; i < kFramesInFlight; ++i) {
    quads_[i] =
        Buffer(setup.device, kMaxQuads * sizeof(shared::GlyphQuad), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    sets_[i] = pool_.allocate(set_layout_.get());
    write_buffer(setup.device, sets_[i], 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, quads_[i].handle());
  }
  upload_atlas();
  pipeline_ = flat_pipeline(setup, {.vertex = shader::text_vert,
                                    .fragment = shader::text_frag,
                                    .sets = {set_layout_.get()},
                                    .push_bytes = sizeof(shared::TextPush)});
}

void TextPass::upload_atlas() {
  device_->wait_idle();  // frames in flight read the old one, and one that is being recorded may
  retired_ = std::move(atlas_);
  atlas_ = Image(*device_, {.extent = {static_cast<std::uint32_t>(font_->atlas_width()),
                                       static_cast<std::uint32_t>(font_->atlas_height())},
                            .format = VK_FORMAT_R8_UNORM,
                            .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
  atlas_.upload(*device_, std::as_bytes(font_->atlas()));
  for (const VkDescriptorSet set : sets_) write_image(*device_, set, 1, atlas_.view(), sampler_.get());
  uploaded_ = font_->revision();
}

std::size_t TextPass::append(const ScreenLabel& label, std::span<shared::GlyphQuad> out) {
  const auto line = font_->line(font_weight(label.weight), label.text);
  shared::GlyphQuad quad;
  quad.origin = label_origin(*font_, label);
  const glm::mat2 turned = label.upward ? glm::mat2{{0, -1}, {1, 0}} : glm::mat2{1};
  const glm::mat2 axes = label.axes * turned * label.size;
  quad.along = axes[0];
  quad.down = axes[1];
  std::size_t count = 0;
  const auto add_line = [&](const glm::vec4& color, float outline) {
    quad.color = glm::packUnorm4x8(color);
    quad.outline = outline;
    quad.softness = outline * kOutlineSoftness;
    for (const PlacedGlyph& placed : line->glyphs) {
      if (count == out.size()) return;
      const Glyph& glyph = *placed.ink;
      quad.box = {placed.pen + glyph.left, placed.down + glyph.top, glyph.width, glyph.height};
      quad.texels = {glyph.u, glyph.v, glyph.texel_width, glyph.texel_height};
      out[count++] = quad;
    }
  };
  // All outlines before all ink, or one letter's outline would eat into its neighbour.
  if (label.outline > 0) add_line(label.outline_color, label.outline);
  add_line(label.color, 0);
  return count;
}

void TextPass::draw(const PassContext& context, std::span<const ScreenLabel> labels) {
  const std::span<shared::GlyphQuad> quads = quads_[context.frame_index].as<shared::GlyphQuad>();
  std::size_t count = 0;
  for (const ScreenLabel& label : labels) count += append(label, quads.subspan(count));
  if (uploaded_ != font_->revision()) upload_atlas();  // what was just set may be new
  if (count == 0) return;

  bind_flat(context, pipeline_);
  pipeline_.bind_set(context.cmd, 2, sets_[context.frame_index]);
  const shared::TextPush push{.viewport = {context.extent.width, context.extent.height},
                              .atlas = {font_->atlas_width(), font_->atlas_height()},
                              .em_texels = Font::kEmTexels,
                              .spread_texels = Font::kSpreadTexels};
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, static_cast<std::uint32_t>(count), 0, 0);
}

}  // namespace fl
