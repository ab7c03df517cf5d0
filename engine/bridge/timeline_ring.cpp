#include "engine/bridge/timeline_ring.h"

#include <stdexcept>
#include <utility>

#include "engine/vk/barrier.h"
#include "engine/vk/check.h"
#include "engine/vk/external.h"
#include "trainer/base/check.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

// A frame is written in a millisecond; a queue that has not done it after this long never will.
constexpr std::chrono::seconds kFinishTimeout{5};
constexpr Access kAnyRead{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_MEMORY_READ_BIT};
constexpr Access kOutside{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE};

}  // namespace

RingTimelines::RingTimelines(const Device& device, bool exported)
    : published(make_timeline(device, exported)), consumed(make_timeline(device, exported)) {}

Result<std::unique_ptr<TimelineRing>> TimelineRing::create(Device& device,
                                                           std::shared_ptr<const RingTimelines> timelines,
                                                           const FrameCapacity& capacity,
                                                           const MakeQueue& make_queue) {
  auto ring = std::unique_ptr<TimelineRing>(
      new TimelineRing(device, std::move(timelines), capacity));  // NOLINT: private
  FL_TRY_LET(queue, make_queue(ring->buffers_, ring->layout_));
  ring->queue_ = *std::move(queue);
  return ring;
}

TimelineRing::TimelineRing(Device& device, std::shared_ptr<const RingTimelines> timelines,
                           const FrameCapacity& capacity)
    : device_(device),
      timelines_(std::move(timelines)),
      layout_(FrameLayout::for_capacity(capacity)),
      exchange_(timeline_value(device, timelines_->published.get()),
                timeline_value(device, timelines_->consumed.get())) {
  for (Buffer& buffer : buffers_)
    buffer = Buffer(device, layout_.bytes, kSharedBufferUsage, BufferMemory::kShared);
  device.run_once([this](VkCommandBuffer cmd) {
    for (const Buffer& buffer : buffers_) {
      vkCmdFillBuffer(cmd, buffer.handle(), 0, VK_WHOLE_SIZE, 0);
      ownership_barrier(cmd, buffer.handle(), device_.queue_family(), VK_QUEUE_FAMILY_EXTERNAL, kTransferWrite, kOutside);
    }
  });
  record_hand_overs();
}

void TimelineRing::record_hand_overs() {
  VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
  pool.queueFamilyIndex = device_.queue_family();
  VkCommandPool raw = VK_NULL_HANDLE;
  VK_CHECK(vkCreateCommandPool(device_.handle(), &pool, nullptr, &raw));
  pool_ = CommandPoolHandle(device_.handle(), raw);
  const auto record = [this](VkBuffer buffer, std::uint32_t from, std::uint32_t to, Access source, Access destination) {
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    allocate.commandPool = pool_.get();
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    VkCommandBuffer cmd = VK_NULL_HANDLE;
    VK_CHECK(vkAllocateCommandBuffers(device_.handle(), &allocate, &cmd));
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    begin.flags = VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT;  // two frames in flight may read one slot
    VK_CHECK(vkBeginCommandBuffer(cmd, &begin));
    ownership_barrier(cmd, buffer, from, to, source, destination);
    VK_CHECK(vkEndCommandBuffer(cmd));
    return cmd;
  };
  const std::uint32_t ours = device_.queue_family(), theirs = VK_QUEUE_FAMILY_EXTERNAL;
  for (std::size_t i = 0; i < buffers_.size(); ++i)
    hand_overs_[i] = {.take = record(buffers_[i].handle(), theirs, ours, kOutside, kAnyRead),
                      .give = record(buffers_[i].handle(), ours, theirs, kAnyRead, kOutside)};
}

TimelineRing::~TimelineRing() {
  if (queue_)
    if (const auto done = queue_->finish(kFinishTimeout); !done)
      log_line(LogLevel::kError, done.error().message);
  device_.wait_idle();
  queue_.reset();
}

std::optional<FrameSlot> TimelineRing::try_begin_write() {
  FL_CHECK(!writing_);
  const auto write = exchange_.begin_write(published(), timeline_value(device_, timelines_->consumed.get()));
  if (!write) return std::nullopt;
  if (write->wait_consumed > 0)
    if (const auto waits = queue_->wait_consumed(write->wait_consumed); !waits) {
      exchange_.discard(*write);
      throw std::runtime_error(waits.error().message);
    }
  writing_ = write;
  return FrameSlot{write->slot, queue_->memory(write->slot), &layout_, queue_->stream()};
}

void TimelineRing::publish(const FrameSlot& slot, const Frame& frame) {
  FL_CHECK(writing_ && writing_->slot == slot.index);
  const TimelineExchange::Write write = *std::exchange(writing_, std::nullopt);
  Result<void> done = queue_->keep_header(write.slot);
  if (done) done = queue_->signal_published(write.number);
  if (!done) {
    exchange_.discard(write);
    throw std::runtime_error(done.error().message);
  }
  facts_.at(write.slot) = frame.facts;  // nobody reads them: the slot is not announced yet
  exchange_.announce(write);
}

std::optional<AcquiredFrame> TimelineRing::acquire_latest() {
  const auto read = exchange_.acquire(published());
  if (!read) return std::nullopt;
  return AcquiredFrame{{queue_->header(read->slot), facts_.at(read->slot)}, read->slot, read->number};
}

SlotReading TimelineRing::reading(const AcquiredFrame& frame) {
  const HandOver& hand_over = hand_overs_.at(frame.slot);
  return {{.semaphore = timelines_->published.get(), .value = frame.number, .commands = hand_over.take},
          {.semaphore = timelines_->consumed.get(), .value = exchange_.next_consumed(), .commands = hand_over.give}};
}

void TimelineRing::submitted(const AcquiredFrame& frame, std::uint64_t) {
  exchange_.submitted(frame.slot);
}

void TimelineRing::abandoned(const AcquiredFrame& frame) {
  exchange_.abandoned(frame.slot);
}

std::uint64_t TimelineRing::published() const {
  return timeline_value(device_, timelines_->published.get());
}

Result<void> TimelineRing::wait_for_published(std::chrono::milliseconds timeout) {
  const std::uint64_t wanted = exchange_.announced();
  try {
    poll_timeline(device_, timelines_->published.get(), wanted, timeout,
                  fmt::format("the training to complete frame {} of the ring (it has completed {})", wanted,
                              published()));
  } catch (const VulkanError& e) {
    if (e.result() != VK_TIMEOUT) throw;
    return error("{}; the graphics card no longer answers the training", e.what());
  }
  return {};
}

std::array<VkBuffer, kFrameSlots> TimelineRing::buffers() const {
  std::array<VkBuffer, kFrameSlots> handles{};
  for (std::size_t i = 0; i < handles.size(); ++i) handles[i] = buffers_[i].handle();
  return handles;
}

}  // namespace fl
