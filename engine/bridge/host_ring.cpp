#include "engine/bridge/host_ring.h"

#include <cstring>
#include <utility>

namespace fl {
namespace {

std::array<Buffer, kFrameSlots> make_buffers(const Device& device, std::size_t bytes) {
  std::array<Buffer, kFrameSlots> buffers;
  for (Buffer& buffer : buffers) {
    buffer = Buffer(device, bytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    std::memset(buffer.mapped().data(), 0, bytes);
  }
  return buffers;
}

std::array<std::span<std::byte>, kFrameSlots> mapped(const std::array<Buffer, kFrameSlots>& buffers) {
  std::array<std::span<std::byte>, kFrameSlots> spans;
  for (std::size_t i = 0; i < buffers.size(); ++i) spans[i] = buffers[i].mapped();
  return spans;
}

}  // namespace

HostRing::HostRing(const Device& device, const FrameCapacity& capacity)
    : HostRing(make_buffers(device, FrameLayout::for_capacity(capacity).bytes),
               FrameLayout::for_capacity(capacity), device.is_cpu()) {}

// What a graphics card maps may be as slow to read as it is fast to write.
HostRing::HostRing(std::array<Buffer, kFrameSlots> buffers, const FrameLayout& layout, bool looks)
    : buffers_(std::move(buffers)), ring_(layout, mapped(buffers_), looks) {}

std::array<VkBuffer, kFrameSlots> HostRing::buffers() const {
  std::array<VkBuffer, kFrameSlots> handles{};
  for (std::size_t i = 0; i < handles.size(); ++i) handles[i] = buffers_[i].handle();
  return handles;
}

void HostRing::submitted(const AcquiredFrame& frame, std::uint64_t number) {
  held_.push_back({frame.slot, number});
}

void HostRing::completed(std::uint64_t number) {
  std::erase_if(held_, [&](const Held& held) {
    if (held.frame > number) return false;
    ring_.release(held.slot);
    return true;
  });
}

}  // namespace fl
