#pragma once
// Draws a frame's labels in one call: every glyph is a quad pulled from a host-visible buffer, its ink comes
// from the font's distance field, sharp from 10 pixels up to any size a title has.

#include <array>
#include <span>
#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/text/font.h"
#include "engine/text/text_layout.h"
#include "engine/vk/buffer.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"

namespace fl {

namespace shared {
struct GlyphQuad;
}  // namespace shared

// The typeface has two weights; everything heavier than regular is semi-bold.
[[nodiscard]] constexpr FontWeight font_weight(Weight weight) {
  return weight == Weight::kRegular ? FontWeight::kRegular : FontWeight::kSemiBold;
}

// Start of a label's baseline on the picture. Offsets are whole pixels, so a label whose anchor is on a
// whole pixel stays crisp, and one that moves with the camera glides.
[[nodiscard]] glm::vec2 label_origin(const Font& font, const ScreenLabel& label);

class TextPass {
 public:
  // Quads of one frame (an outlined glyph takes two); what is beyond is not drawn.
  static constexpr std::size_t kMaxQuads = 16384;

  // `font` must outlive the pass.
  TextPass(const PassSetup& setup, const Font& font);
  // At most once a frame: each call fills the frame's glyph buffer from its beginning.
  void draw(const PassContext& context, std::span<const ScreenLabel> labels);

  [[nodiscard]] const Font& font() const { return *font_; }
  // The font's distance field, for other passes that set words: another one whenever revision() rose. The one
  // before stays until the frame that uses it is drawn.
  [[nodiscard]] VkImageView atlas() const { return atlas_.view(); }
  [[nodiscard]] std::uint32_t revision() const { return uploaded_; }
  [[nodiscard]] VkSampler sampler() const { return sampler_.get(); }

 private:
  // The font's atlas as it is now.
  void upload_atlas();
  std::size_t append(const ScreenLabel& label, std::span<shared::GlyphQuad> out);

  Device* device_;
  const Font* font_;
  std::uint32_t uploaded_ = 0;  // the font's revision
  Image atlas_, retired_;
  SamplerHandle sampler_;
  SetLayoutHandle set_layout_;
  DescriptorPool pool_;
  std::array<VkDescriptorSet, kFramesInFlight> sets_{};
  std::array<Buffer, kFramesInFlight> quads_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
