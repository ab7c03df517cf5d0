#pragma once
// The window's images. Resizes, a minimised window and an outdated surface are normal events here, not
// errors: the caller gets no image and draws nothing until there is something to draw to.

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"
#include "engine/vk/frames.h"

namespace fl {

enum class PresentMode {
  kFifo,       // no tearing, waits for the display: always there
  kMailbox,    // no tearing, the newest picture wins; FIFO where it is missing
  kImmediate,  // as fast as it goes; FIFO where it is missing
};

struct SwapchainImage {
  std::uint32_t index = 0;
  VkImage image = VK_NULL_HANDLE;
  VkImageView view = VK_NULL_HANDLE;
  VkExtent2D extent{};
  SemaphoreUse acquired;  // the frame's submission waits for it
  SemaphoreUse rendered;  // and signals it
};

class Swapchain {
 public:
  // An error where the surface offers no 8-bit UNORM format.
  static Result<std::unique_ptr<Swapchain>> create(Device& device, VkSurfaceKHR surface, PresentMode mode);

  // The window's framebuffer as it is now, in pixels; makes new images when it or the surface changed. False
  // while there is nothing to draw to (a minimised window).
  bool ensure(VkExtent2D framebuffer);
  // For the frame with this index, whose last use is done. Nothing when the surface changed (call ensure
  // again next frame) or when no image came within a fiftieth of a second: a compositor may keep a hidden
  // window's images for ever.
  std::optional<SwapchainImage> acquire(std::uint32_t frame_index);
  // From COLOR_ATTACHMENT_OPTIMAL to what presentation wants: the last command of a frame.
  void prepare_present(VkCommandBuffer cmd, const SwapchainImage& image) const;
  // After the frame's submission. A software renderer draws the frame in here, so that another thread may
  // call it; no other member is called meanwhile.
  void present(const SwapchainImage& image);

  void set_mode(PresentMode mode);
  [[nodiscard]] PresentMode mode() const { return mode_; }
  [[nodiscard]] VkFormat format() const { return format_.format; }
  [[nodiscard]] VkExtent2D extent() const { return extent_; }
  // Pictures may be copied into its images, not only drawn.
  [[nodiscard]] bool takes_copies() const { return (usage_ & VK_IMAGE_USAGE_TRANSFER_DST_BIT) != 0; }
  [[nodiscard]] std::uint32_t image_count() const { return static_cast<std::uint32_t>(images_.size()); }
  [[nodiscard]] std::uint32_t minimum_images() const { return minimum_images_; }
  // Rises with each new set of images: whoever keeps framebuffers compares.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  [[nodiscard]] VkImageView view(std::uint32_t index) const { return images_.at(index).view.get(); }

  ~Swapchain() { device_.wait_idle(); }
  Swapchain(const Swapchain&) = delete;
  Swapchain& operator=(const Swapchain&) = delete;

 private:
  Swapchain(Device& device, VkSurfaceKHR surface, PresentMode mode);
  void rebuild(const VkSurfaceCapabilitiesKHR& capabilities, VkExtent2D extent);
  [[nodiscard]] VkPresentModeKHR supported_mode() const;

  struct PerImage {
    VkImage image = VK_NULL_HANDLE;
    ImageViewHandle view;
    // One an image, not one a frame: an image is presented again only after its last presentation is done,
    // so its semaphore is free then; a frame's might still be waited on.
    SemaphoreHandle rendered;
  };
  Device& device_;
  VkSurfaceKHR surface_;
  PresentMode mode_;
  VkSurfaceFormatKHR format_{};
  VkImageUsageFlags usage_ = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
  VkExtent2D extent_{};
  std::uint32_t minimum_images_ = 2;
  std::uint64_t generation_ = 0;
  bool outdated_ = true;
  SwapchainHandle swapchain_;
  std::vector<PerImage> images_;
  std::array<SemaphoreHandle, FramesInFlight::kCount> acquired_;
};

}  // namespace fl
