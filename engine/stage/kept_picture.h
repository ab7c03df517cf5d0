#pragma once
// Which parts of a picture have to be drawn again, and the image that keeps the others: all of the stage but
// its words. A full picture is one in which every part has changed.

#include <vector>

#include "engine/stage/cards.h"
#include "engine/stage/picture_key.h"
#include "engine/stage/stage_target.h"
#include "engine/vk/image.h"

namespace fl {

class KeptPicture {
 public:
  KeptPicture(Device& device, VkFormat format) : device_(device), format_(format) {}

  // One card as it was drawn last.
  struct Drawn {
    PictureKey key;
    Rect place;                       // empty where it is not shown
    std::vector<ScreenLabel> labels;  // its words
  };

  // The rectangles to draw again, in whole pixels; they may overlap. `look`: what all parts depend on.
  // `view`: what has changed of the 3-D view. All of the picture where `keeps` is false.
  const std::vector<Rect>& begin(const CardContext& card, const PictureKey& look, const Rect& view,
                                 const std::vector<StageCard>& cards, bool keeps);
  // Of the card with this index, to be filled whenever it is drawn.
  [[nodiscard]] Drawn& drawn(std::size_t card) { return drawn_[card]; }
  [[nodiscard]] bool draws_all() const { return all_; }
  // Share of the picture's area that begin() said, 0 to 1.
  [[nodiscard]] float redrawn() const { return redrawn_; }

  // What the parts are drawn into, instead of a target of this size. Outside rendering.
  [[nodiscard]] StageTarget begin_image(VkCommandBuffer cmd, VkExtent2D extent);
  // Outside rendering, when it is drawn. The target is in COLOR_ATTACHMENT_OPTIMAL before and after.
  void copy_to(VkCommandBuffer cmd, const StageTarget& target) const;

 private:
  void add(const Rect& rect);

  Device& device_;
  VkFormat format_;
  Image image_;  // in TRANSFER_SRC_OPTIMAL between the pictures
  std::vector<Drawn> drawn_;
  std::vector<Rect> changed_;
  PictureKey look_;
  bool all_ = true, kept_ = false;
  float redrawn_ = 1;
};

}  // namespace fl
