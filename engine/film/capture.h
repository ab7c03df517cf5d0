#pragma once
// Draws the stage without a window and reads the picture back: for tests, pictures and films.

#include "engine/film/picture.h"
#include "engine/stage/stage.h"
#include "engine/vk/buffer.h"
#include "engine/vk/frames.h"
#include "engine/vk/image.h"

namespace fl {

class Capture {
 public:
  static constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_UNORM;

  // `device` must outlive it.
  Capture(Device& device, VkExtent2D extent);

  // Draws, waits, reads back. The stage's colour format is kFormat. The slot may be released afterwards.
  // `wait` and `signal`: what the slot's ring wants of a submission that reads it.
  Picture shoot(Stage& stage, VkDescriptorSet slot_set, const Frame& frame, const StageView& view,
                const StageTexts& texts, SemaphoreUse wait = {}, SemaphoreUse signal = {});
  // The same without a picture (StageView::unseen).
  void pass(Stage& stage, VkDescriptorSet slot_set, const Frame& frame, StageView view,
            const StageTexts& texts, SemaphoreUse wait = {}, SemaphoreUse signal = {});
  [[nodiscard]] VkExtent2D extent() const { return target_.extent(); }

 private:
  Image target_;
  Buffer readback_;
  FramesInFlight frames_;  // goes first, and waits for what still writes the others
};

}  // namespace fl
