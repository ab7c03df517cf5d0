#pragma once
// One part of the stage, or all of it, drawn full size by a stage of its own: several takes of one session
// share its clock.

#include "engine/app/studio/studio.h"
#include "engine/film/capture.h"

namespace fl {

struct TakeOptions {
  VkExtent2D extent{};
  int supersampling = 1;     // every pixel is drawn as so many times so many
  bool transparent = false;  // without the ground behind everything
  StageFill part = StageFill::kNone;
  StageOptions stage{};
};

// Whether the device draws pictures so large. Error: what is too much, what to do.
Result<void> check_take_size(const Device& device, VkExtent2D extent, int supersampling);

class Take {
 public:
  // `device` and `font` must outlive it. Throws VulkanError when memory runs out.
  Take(Device& device, const Font& font, const TakeOptions& options);

  [[nodiscard]] VkExtent2D extent() const { return options_.extent; }
  // What this take makes of a view: its part, framed where the view is.
  [[nodiscard]] StageView view(StageView of_all) const;
  // Draws the slot; `reading`: what this submission waits for and signals.
  Picture shoot(const StageView& of_all, VkDescriptorSet slot_set, const Frame& frame,
                const StageTexts& texts, const SlotReading& reading);
  // A picture that nobody wants, for what later ones take over from it.
  void pass(const StageView& of_all, VkDescriptorSet slot_set, const Frame& frame, const StageTexts& texts,
            const SlotReading& reading);

 private:
  TakeOptions options_;
  Stage stage_;
  Capture capture_;
};

}  // namespace fl
