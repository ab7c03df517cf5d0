#include "engine/stage/kept_picture.h"

#include <algorithm>

#include "engine/pass/pass_pipeline.h"
#include "engine/pass/screen_bounds.h"
#include "engine/vk/barrier.h"

namespace fl {
namespace {

// Two rectangles that overlap are drawn as one where that is hardly more.
constexpr float kHardlyMore = 1.1f;

float area(const Rect& rect) {
  return rect.width * rect.height;
}

}  // namespace

void KeptPicture::add(const Rect& rect) {
  if (rect.empty()) return;
  Rect whole = rect;
  for (std::size_t i = 0; i < changed_.size();) {
    const Rect both = around(changed_[i], whole);
    if (area(both) > kHardlyMore * (area(changed_[i]) + area(whole))) {
      ++i;
      continue;
    }
    whole = both;
    changed_.erase(changed_.begin() + static_cast<std::ptrdiff_t>(i));
    i = 0;  // it may reach others now
  }
  changed_.push_back(whole);
}

const std::vector<Rect>& KeptPicture::begin(const CardContext& card, const PictureKey& look, const Rect& view,
                                            const std::vector<StageCard>& cards, bool keeps) {
  const Rect whole = whole_picture(card.pass.extent);
  changed_.clear();
  all_ = !keeps || !kept_ || look != look_;
  drawn_.resize(cards.size());
  for (std::size_t i = 0; i < cards.size(); ++i) {
    PictureKey key = look;
    const Rect place = common_part(whole, cards[i].place(card));
    if (cards[i].reads)
      cards[i].reads(card, key);
    else
      key.add(card.pass.content);
    Drawn& drawn = drawn_[i];
    if (drawn.key == key && !all_) continue;
    add(drawn.place);
    add(place);
    drawn = {std::move(key), place, {}};
  }
  add(view);
  if (all_) changed_ = {whole};
  redrawn_ = 0;
  for (const Rect& part : changed_) redrawn_ += area(part) / area(whole);
  redrawn_ = std::min(redrawn_, 1.0f);  // parts may overlap
  look_ = look;
  kept_ = keeps;
  return changed_;
}

StageTarget KeptPicture::begin_image(VkCommandBuffer cmd, VkExtent2D extent) {
  if (!image_ || image_.extent().width != extent.width || image_.extent().height != extent.height) {
    device_.wait_idle();  // earlier frames may still be copied from the other
    image_ = Image(device_, {.extent = extent,
                             .format = format_,
                             .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
  }
  image_barrier(cmd, image_.handle(),
                {.from = all_ ? VK_IMAGE_LAYOUT_UNDEFINED : VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .source = kTransferRead,
                 .destination = kColorAttachment});
  return {image_.handle(), image_.view(), extent};
}

void KeptPicture::copy_to(VkCommandBuffer cmd, const StageTarget& target) const {
  image_barrier(cmd, image_.handle(),
                {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                 .source = kColorAttachment,
                 .destination = kTransferRead});
  image_barrier(cmd, target.image,
                {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                 .source = kColorAttachment,
                 .destination = kTransferWrite});
  VkImageCopy copy{};
  copy.srcSubresource = copy.dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  copy.extent = {target.extent.width, target.extent.height, 1};
  vkCmdCopyImage(cmd, image_.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, target.image,
                 VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
  image_barrier(cmd, target.image,
                {.from = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .source = kTransferWrite,
                 .destination = kColorAttachment});
}

}  // namespace fl
