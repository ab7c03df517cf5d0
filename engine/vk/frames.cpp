#include "engine/vk/frames.h"

#include "engine/vk/check.h"

namespace fl {
namespace {

// Long enough for a software renderer at 4K, short enough that a hung driver becomes a message.
constexpr std::uint64_t kFrameTimeout = 5'000'000'000;  // nanoseconds

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
  VkSemaphoreTypeCreateInfo type{VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO};
  type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
  VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  info.pNext = &type;
  VkSemaphore semaphore = VK_NULL_HANDLE;
  VK_CHECK(vkCreateSemaphore(device.handle(), &info, nullptr, &semaphore));
  timeline_ = SemaphoreHandle(device.handle(), semaphore);
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

void FramesInFlight::submit(const FrameInFlight& frame, BinarySync wait, BinarySync signal) {
  VK_CHECK(vkEndCommandBuffer(frame.cmd));
  VkCommandBufferSubmitInfo commands{VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO};
  commands.commandBuffer = frame.cmd;
  VkSemaphoreSubmitInfo wait_info{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO};
  wait_info.semaphore = wait.semaphore;
  wait_info.stageMask = wait.stage;
  std::array<VkSemaphoreSubmitInfo, 2> signals{};
  signals[0].sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO;
  signals[0].semaphore = timeline_.get();
  signals[0].value = frame.number;
  signals[0].stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
  signals[1].sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO;
  signals[1].semaphore = signal.semaphore;
  signals[1].stageMask = signal.stage;
  VkSubmitInfo2 submit{VK_STRUCTURE_TYPE_SUBMIT_INFO_2};
  submit.waitSemaphoreInfoCount = wait.semaphore != VK_NULL_HANDLE ? 1 : 0;
  submit.pWaitSemaphoreInfos = &wait_info;
  submit.commandBufferInfoCount = 1;
  submit.pCommandBufferInfos = &commands;
  submit.signalSemaphoreInfoCount = signal.semaphore != VK_NULL_HANDLE ? 2 : 1;
  submit.pSignalSemaphoreInfos = signals.data();
  VK_CHECK(vkQueueSubmit2(device_.queue(), 1, &submit, VK_NULL_HANDLE));
  submitted_ = frame.number;
}

std::uint64_t FramesInFlight::completed() const {
  std::uint64_t value = 0;
  VK_CHECK(vkGetSemaphoreCounterValue(device_.handle(), timeline_.get(), &value));
  return value;
}

void FramesInFlight::wait_all() {
  if (submitted_ > 0) wait_for(submitted_);
}

void FramesInFlight::wait_for(std::uint64_t number) {
  const VkSemaphore semaphore = timeline_.get();
  VkSemaphoreWaitInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO};
  info.semaphoreCount = 1;
  info.pSemaphores = &semaphore;
  info.pValues = &number;
  VK_CHECK(vkWaitSemaphores(device_.handle(), &info, kFrameTimeout));
}

}  // namespace fl
