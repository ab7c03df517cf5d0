#pragma once
// Draws the lecturer's page (notes_layout.h).

#include <array>

#include "engine/notes/notes_layout.h"
#include "engine/pass/panel.h"
#include "engine/stage/stage_target.h"
#include "engine/text/text.h"

namespace fl {

class NotesPage {
 public:
  // `color_format`: of the targets. `device` and `font` must outlive it.
  NotesPage(Device& device, const Font& font, VkFormat color_format);
  // `frame_index` as in Stage::record.
  void record(VkCommandBuffer cmd, std::uint32_t frame_index, const StageTarget& target,
              const NotesLayout& layout, const Theme& theme);

 private:
  [[nodiscard]] PassSetup setup() const;

  Device& device_;
  VkFormat format_;
  SetLayoutHandle slot_layout_, view_layout_;
  DescriptorPool pool_;
  std::array<Buffer, kFramesInFlight> view_buffers_;
  std::array<VkDescriptorSet, kFramesInFlight> view_sets_{};
  PanelPass panels_;
  TextPass text_;
};

}  // namespace fl
