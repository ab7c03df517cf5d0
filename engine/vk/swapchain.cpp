#include "engine/vk/swapchain.h"

#include <algorithm>

#include "engine/vk/barrier.h"
#include "engine/vk/check.h"

namespace fl {
namespace {

constexpr std::uint64_t kAcquireTimeout = 20'000'000;  // nanoseconds

SemaphoreHandle make_semaphore(const Device& device) {
  const VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  VkSemaphore semaphore = VK_NULL_HANDLE;
  VK_CHECK(vkCreateSemaphore(device.handle(), &info, nullptr, &semaphore));
  return {device.handle(), semaphore};
}

std::optional<VkSurfaceFormatKHR> choose_format(const Device& device, VkSurfaceKHR surface) {
  std::uint32_t count = 0;
  VK_CHECK(vkGetPhysicalDeviceSurfaceFormatsKHR(device.physical(), surface, &count, nullptr));
  std::vector<VkSurfaceFormatKHR> formats(count);
  VK_CHECK(vkGetPhysicalDeviceSurfaceFormatsKHR(device.physical(), surface, &count, formats.data()));
  for (const VkFormat wanted : {VK_FORMAT_B8G8R8A8_UNORM, VK_FORMAT_R8G8B8A8_UNORM})
    for (const VkSurfaceFormatKHR& format : formats)
      if (format.format == wanted && format.colorSpace == VK_COLOR_SPACE_SRGB_NONLINEAR_KHR) return format;
  return std::nullopt;
}

}  // namespace

Swapchain::Swapchain(Device& device, VkSurfaceKHR surface, PresentMode mode)
    : device_(device), surface_(surface), mode_(mode) {
  for (SemaphoreHandle& semaphore : acquired_) semaphore = make_semaphore(device);
}

Result<std::unique_ptr<Swapchain>> Swapchain::create(Device& device, VkSurfaceKHR surface, PresentMode mode) {
  const auto format = choose_format(device, surface);
  if (!format)
    return error(
        "The window offers no 8-bit colour format that {} can draw to; try another device with --device",
        device.name());
  auto swapchain = std::unique_ptr<Swapchain>(new Swapchain(device, surface, mode));  // NOLINT: private
  swapchain->format_ = *format;
  VkSurfaceCapabilitiesKHR capabilities{};
  VK_CHECK(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device.physical(), surface, &capabilities));
  swapchain->usage_ |= capabilities.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_DST_BIT;
  return swapchain;
}

VkPresentModeKHR Swapchain::supported_mode() const {
  if (mode_ == PresentMode::kFifo) return VK_PRESENT_MODE_FIFO_KHR;
  std::uint32_t count = 0;
  VK_CHECK(vkGetPhysicalDeviceSurfacePresentModesKHR(device_.physical(), surface_, &count, nullptr));
  std::vector<VkPresentModeKHR> modes(count);
  VK_CHECK(vkGetPhysicalDeviceSurfacePresentModesKHR(device_.physical(), surface_, &count, modes.data()));
  const VkPresentModeKHR wanted =
      mode_ == PresentMode::kMailbox ? VK_PRESENT_MODE_MAILBOX_KHR : VK_PRESENT_MODE_IMMEDIATE_KHR;
  return std::ranges::find(modes, wanted) != modes.end() ? wanted : VK_PRESENT_MODE_FIFO_KHR;
}

void Swapchain::set_mode(PresentMode mode) {
  if (mode == mode_) return;
  mode_ = mode;
  outdated_ = true;
}

bool Swapchain::ensure(VkExtent2D framebuffer) {
  VkSurfaceCapabilitiesKHR capabilities{};
  VK_CHECK(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.physical(), surface_, &capabilities));
  // Some window systems leave the size to us and say so with the largest number.
  VkExtent2D wanted = capabilities.currentExtent;
  if (wanted.width == ~0u) {
    wanted.width =
        std::clamp(framebuffer.width, capabilities.minImageExtent.width, capabilities.maxImageExtent.width);
    wanted.height = std::clamp(framebuffer.height, capabilities.minImageExtent.height,
                               capabilities.maxImageExtent.height);
  }
  if (wanted.width == 0 || wanted.height == 0 || framebuffer.width == 0 || framebuffer.height == 0)
    return false;
  if (outdated_ || wanted.width != extent_.width || wanted.height != extent_.height)
    rebuild(capabilities, wanted);
  return true;
}

void Swapchain::rebuild(const VkSurfaceCapabilitiesKHR& capabilities, VkExtent2D extent) {
  device_.wait_idle();
  minimum_images_ = std::max(capabilities.minImageCount, 2u);
  std::uint32_t count = minimum_images_ + 1;
  if (capabilities.maxImageCount > 0) count = std::min(count, capabilities.maxImageCount);

  VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
  info.surface = surface_;
  info.minImageCount = count;
  info.imageFormat = format_.format;
  info.imageColorSpace = format_.colorSpace;
  info.imageExtent = extent;
  info.imageArrayLayers = 1;
  info.imageUsage = usage_;
  info.imageSharingMode = VK_SHARING_MODE_EXCLUSIVE;
  info.preTransform = capabilities.currentTransform;
  info.compositeAlpha = (capabilities.supportedCompositeAlpha & VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR) != 0
                            ? VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR
                            : VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR;
  info.presentMode = supported_mode();
  info.clipped = VK_TRUE;
  info.oldSwapchain = swapchain_.get();
  VkSwapchainKHR swapchain = VK_NULL_HANDLE;
  VK_CHECK(vkCreateSwapchainKHR(device_.handle(), &info, nullptr, &swapchain));
  images_.clear();
  swapchain_ = SwapchainHandle(device_.handle(), swapchain);

  VK_CHECK(vkGetSwapchainImagesKHR(device_.handle(), swapchain, &count, nullptr));
  std::vector<VkImage> images(count);
  VK_CHECK(vkGetSwapchainImagesKHR(device_.handle(), swapchain, &count, images.data()));
  for (const VkImage image : images) {
    VkImageViewCreateInfo view_info{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    view_info.image = image;
    view_info.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view_info.format = format_.format;
    view_info.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    VkImageView view = VK_NULL_HANDLE;
    VK_CHECK(vkCreateImageView(device_.handle(), &view_info, nullptr, &view));
    images_.push_back({image, ImageViewHandle(device_.handle(), view), make_semaphore(device_)});
  }
  extent_ = extent;
  outdated_ = false;
  ++generation_;
}

std::optional<SwapchainImage> Swapchain::acquire(std::uint32_t frame_index) {
  if (outdated_ || !swapchain_) return std::nullopt;
  const VkSemaphore acquired = acquired_.at(frame_index).get();
  std::uint32_t index = 0;
  const VkResult result = vkAcquireNextImageKHR(device_.handle(), swapchain_.get(), kAcquireTimeout, acquired,
                                                VK_NULL_HANDLE, &index);
  if (result == VK_TIMEOUT || result == VK_NOT_READY) return std::nullopt;
  if (result == VK_ERROR_OUT_OF_DATE_KHR) {
    outdated_ = true;
    return std::nullopt;
  }
  // A suboptimal image is acquired all the same: draw it, and make better ones afterwards.
  if (result == VK_SUBOPTIMAL_KHR)
    outdated_ = true;
  else if (result != VK_SUCCESS)
    vulkan_failed(__FILE__, __LINE__, "vkAcquireNextImageKHR", result);
  const PerImage& image = images_[index];
  return SwapchainImage{index,
                        image.image,
                        image.view.get(),
                        extent_,
                        {acquired, 0, VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT},
                        {image.rendered.get()}};
}

void Swapchain::prepare_present(VkCommandBuffer cmd, const SwapchainImage& image) const {
  image_barrier(cmd, image.image,
                {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_PRESENT_SRC_KHR,
                 .source = kColorAttachment,
                 .destination = kNothing});
}

void Swapchain::present(const SwapchainImage& image) {
  const VkSwapchainKHR swapchain = swapchain_.get();
  VkPresentInfoKHR info{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
  info.waitSemaphoreCount = 1;
  info.pWaitSemaphores = &image.rendered.semaphore;
  info.swapchainCount = 1;
  info.pSwapchains = &swapchain;
  info.pImageIndices = &image.index;
  const auto lock = device_.lock_queue();
  const VkResult result = vkQueuePresentKHR(device_.queue(), &info);
  if (result == VK_ERROR_OUT_OF_DATE_KHR || result == VK_SUBOPTIMAL_KHR)
    outdated_ = true;
  else if (result != VK_SUCCESS)
    vulkan_failed(__FILE__, __LINE__, "vkQueuePresentKHR", result);
}

}  // namespace fl
