#pragma once
// The loss on bold contour lines: a few numbers, on their line and along it, where they can be read.
//
// Where such a place is depends on the heights, which only the device has: it reads them from the slot, finds
// the places in a small compute pass and sets the words there in the same frame. Nothing is read back, the
// host never sees a height, and a ring in another device's memory works as well. The host only says which
// losses there are lines for, which the scale knows, and what they look like in words.

#include <array>
#include <vector>

#include "engine/landscape/relief.h"
#include "engine/pass/pass.h"
#include "engine/text/font.h"
#include "engine/text/text.h"
#include "engine/vk/buffer.h"
#include "engine/vk/pipeline.h"

namespace fl {

namespace shared {
struct LabelLevels;
}  // namespace shared

// A bold line inside the scale's range, and the loss it stands for as it is written.
struct ContourLevel {
  int number = 0;  // of the bold line: its coordinate is number * SurfaceScale::kBold * interval
  float y = 0;     // world
  std::string text;
};
// At most `most`, thinned evenly where there are more; those at the very top and bottom are left out.
[[nodiscard]] std::vector<ContourLevel> contour_levels(const SurfaceScale& surface, std::size_t most);

class ContourLabels {
 public:
  // `text` must outlive it: its glyphs are used. `relief`: of the surface that is labelled.
  ContourLabels(const PassSetup& setup, const TextPass& text, const Relief& relief);
  // Outside rendering, after the relief is prepared.
  void prepare(const PassContext& context, const Relief& relief);
  // On the picture, after the 3-D part.
  void draw(const PassContext& context) const;

 private:
  static constexpr std::size_t kMostQuads = 512;

  void use_atlas(std::size_t frame);
  void append(const PassContext& context, const ContourLevel& level, std::uint32_t index,
              shared::LabelLevels& levels);

  const Device& device_;
  const TextPass& text_;
  SetLayoutHandle glyph_layout_, place_layout_;
  DescriptorPool pool_;
  std::array<VkDescriptorSet, kFramesInFlight> glyph_sets_{}, place_sets_{};
  std::array<Buffer, kFramesInFlight> quads_, levels_;
  Buffer places_;  // kept from frame to frame: a label stays where it is while the place is good
  ComputePipeline find_;
  GraphicsPipeline pipeline_;
  std::size_t quad_count_ = 0;
  std::uint32_t turn_ = 0;
  std::array<std::uint32_t, kFramesInFlight> atlas_revisions_{};  // that the sets hold
};

}  // namespace fl
