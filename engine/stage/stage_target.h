#pragma once

#include <vulkan/vulkan.h>

namespace fl {

// Where a picture goes. The content before is lost; afterwards the layout is COLOR_ATTACHMENT_OPTIMAL.
// Usage needs COLOR_ATTACHMENT, and TRANSFER_DST for a stage that keeps (StageOptions).
struct StageTarget {
  VkImage image = VK_NULL_HANDLE;
  VkImageView view = VK_NULL_HANDLE;
  VkExtent2D extent{};
};

}  // namespace fl
