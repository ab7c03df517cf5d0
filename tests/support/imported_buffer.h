#pragma once
// The other side of a shared buffer, by Vulkan itself: its exported descriptor imported into a second
// allocation and mapped. What CUDA does on a graphics card, wherever the device's memory is host-visible.

#include "engine/vk/buffer.h"
#include "engine/vk/external.h"

namespace fl::testing {

class ImportedBuffer {
 public:
  // Throws VulkanError, also where the memory cannot be mapped.
  ImportedBuffer(const Device& device, const Buffer& shared);
  [[nodiscard]] std::span<std::byte> mapped() const { return mapped_; }

  // Why a device cannot do this; empty: it can.
  static std::string unsupported(const Device& device);

 private:
  MemoryHandle memory_;
  BufferHandle buffer_;
  std::span<std::byte> mapped_;
};

}  // namespace fl::testing
