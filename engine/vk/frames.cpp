#include "engine/vk/frames.h"

#include "engine/vk/check.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

// A hung driver becomes a message in the end. Until then a software renderer may compile every shader for its
// first frame, on a core that others keep busy: that alone took it more than 5 s.
constexpr std::chrono::seconds kFrameTimeout{120};

struct Semaphores {
  std::array<VkSemaphoreSubmitInfo, 5> infos{};
  std::uint32_t count = 0;

  void add(const SemaphoreUse& use) {
    if (use.semaphore == VK_NULL_HANDLE) return;
    FL_CHECK(count < infos.size());
    VkSemaphoreSubmitInfo& info = infos[count++];
    info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO;
    info.semaphore = use.semaphore;
    info.value = use.value;
    info.stageMask = use.stage;
  }
};

struct CommandBuffers {
  std::array<VkCommandBufferSubmitInfo, 9> infos{};
  std::uint32_t count = 0;

  void add(VkCommandBuffer cmd) {
    if (cmd == VK_NULL_HANDLE) return;
    FL_CHECK(count < infos.size());
    VkCommandBufferSubmitInfo& info = infos[count++];
    info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO;
    info.commandBuffer = cmd;
  }
};

}  // namespace

FramesInFlight::FramesInFlight(Device& device) : device_(device) {
  for (Commands& commands : commands_) {
    VkCommandPoolCreateInfo info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
    info.queueFamilyIndex = device.queue_family();
    VkCommandPool pool = VK_NULL_HANDLE;
    VK_CHECK(vkCreateCommandPool(device.handle(), &info, nullptr, &pool));
    commands.pool = CommandPoolHandle(device.handle(), pool);
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    allocate.commandPool = pool;
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    VK_CHECK(vkAllocateCommandBuffers(device.handle(), &allocate, &commands.cmd));
  }
  timeline_ = make_timeline(device);
}

FramesInFlight::~FramesInFlight() {
  device_.wait_idle();
}

FrameInFlight FramesInFlight::begin() {
  const std::uint64_t number = submitted_ + 1;
  if (number > kCount) wait_for(number - kCount);
  const auto index = static_cast<std::uint32_t>(number % kCount);
  const Commands& commands = commands_[index];
  VK_CHECK(vkResetCommandPool(device_.handle(), commands.pool.get(), 0));
  VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  VK_CHECK(vkBeginCommandBuffer(commands.cmd, &begin));
  return {index, number, commands.cmd};
}

void FramesInFlight::submit(const FrameInFlight& frame, std::span<const SemaphoreUse> waits,
                            std::span<const SemaphoreUse> signals) {
  VK_CHECK(vkEndCommandBuffer(frame.cmd));
  CommandBuffers commands;
  Semaphores waited, signalled;
  for (const SemaphoreUse& use : waits) {
    waited.add(use);
    commands.add(use.commands);
  }
  commands.add(frame.cmd);
  for (const SemaphoreUse& use : signals) {
    signalled.add(use);
    commands.add(use.commands);
  }
  signalled.add({timeline_.get(), frame.number});
  VkSubmitInfo2 submit{VK_STRUCTURE_TYPE_SUBMIT_INFO_2};
  submit.waitSemaphoreInfoCount = waited.count;
  submit.pWaitSemaphoreInfos = waited.infos.data();
  submit.commandBufferInfoCount = commands.count;
  submit.pCommandBufferInfos = commands.infos.data();
  submit.signalSemaphoreInfoCount = signalled.count;
  submit.pSignalSemaphoreInfos = signalled.infos.data();
  const auto lock = device_.lock_queue();
  VK_CHECK(vkQueueSubmit2(device_.queue(), 1, &submit, VK_NULL_HANDLE));
  submitted_ = frame.number;
}

std::uint64_t FramesInFlight::completed() const {
  return timeline_value(device_, timeline_.get());
}

void FramesInFlight::wait_all() {
  if (submitted_ > 0) wait_for(submitted_);
}

void FramesInFlight::wait_for(std::uint64_t number) {
  wait_for_timeline(device_, timeline_.get(), number, kFrameTimeout,
                    fmt::format("frame {} of the picture", number));
}

}  // namespace fl
