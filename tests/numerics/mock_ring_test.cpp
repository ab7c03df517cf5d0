// The frame ring's CUDA side on the runtime's mock, its Vulkan side on the software rasteriser: memory crosses by real
// descriptors. That driver exports no timelines, so theirs are files that stand for one.
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/bridge/cuda_queue.h"
#include "engine/bridge/cuda_ring.h"
#include "engine/vk/check.h"
#include "engine/vk/external.h"
#include "engine/vk/timeline.h"
#include "tests/support/headless_device.h"
#include "tests/support/imported_buffer.h"
#include "tests/support/mock_cuda/mock_cuda.h"
#include "trainer/compute/cuda/device.h"

namespace fl {

namespace {

ino_t inode_of(int descriptor) {
  struct stat file {};
  return ::fstat(descriptor, &file) == 0 ? file.st_ino : 0;
}
std::map<ino_t, VkSemaphore> exported;

}  // namespace

// The linker puts them in the place of the product's (CMakeLists.txt).
SemaphoreHandle make_plain_timeline(const Device& device, bool exported) asm("__real__ZN2fl13make_timelineERKNS_6DeviceEb");
SemaphoreHandle make_any_timeline(const Device& device, bool exported) asm("__wrap__ZN2fl13make_timelineERKNS_6DeviceEb");
SemaphoreHandle make_any_timeline(const Device& device, bool) {
  return make_plain_timeline(device, false);
}
FileDescriptor export_file(const Device& device, VkSemaphore semaphore)
    asm("__wrap__ZN2fl16export_semaphoreERKNS_6DeviceEP13VkSemaphore_T");
FileDescriptor export_file(const Device&, VkSemaphore semaphore) {
  FileDescriptor file(::memfd_create("timeline", MFD_CLOEXEC));
  exported[inode_of(file.get())] = semaphore;
  return file;
}

namespace test {
namespace {

using Lines = std::vector<std::string>;

constexpr FrameCapacity kSmall{
    .grid_side = 17, .path_points = 64, .feature_floats = 128, .step_points = 64, .epoch_points = 16};
constexpr int kUnknown = 999;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

class RingOnMocks : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::string reason;
    static const auto headless = testing::HeadlessDevice::make(reason);
    if (!headless) GTEST_SKIP() << reason;
    device_ = headless->device.get();
    if (const std::string why = testing::ImportedBuffer::unsupported(*device_); !why.empty()) GTEST_SKIP() << why;
    mock::set_uuid(device_->external().uuid);
    mock::share_with({.map = [this](int fd, std::size_t bytes) { return map(fd, bytes); },
                      .unmap = [this](void* data) { mapped_.erase(data); },
                      .timeline = [this](int fd) { return timeline(exported.at(inode_of(fd))); }});
    cuda::use_device(1);
    layout_ = FrameLayout::for_capacity(kSmall);
    for (Buffer& buffer : buffers_) buffer = Buffer(*device_, layout_.bytes, kSharedBufferUsage, BufferMemory::kShared);
    timelines_.emplace(*device_, true);
    mock::take_violations();
    mock::take_log();
    mock::take_released();
    live_ = mock::live();
    descriptors_ = open_descriptors();
  }
  void TearDown() override {
    if (device_ == nullptr || !timelines_) return;
    expect_nothing_left("at the end");
    EXPECT_TRUE(mapped_.empty());
  }
  void expect_nothing_left(const std::string& when) {
    for (const std::string& violation : mock::take_violations()) ADD_FAILURE() << violation << " " << when;
    EXPECT_TRUE(mock::live() == live_) << mock::live().external << " imports " << when;
    EXPECT_EQ(open_descriptors(), descriptors_) << when;
  }
  Result<std::unique_ptr<ProducerQueue>> open() { return CudaQueue::create(*device_, *timelines_, buffers_, layout_); }
  void raise(VkSemaphore semaphore, std::uint64_t value) const {
    VkSemaphoreSignalInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_SIGNAL_INFO};
    info.semaphore = semaphore;
    info.value = value;
    VK_CHECK(vkSignalSemaphore(device_->handle(), &info));
  }
  mock::Timeline timeline(VkSemaphore semaphore) const {
    return {.value = [this, semaphore] { return timeline_value(*device_, semaphore); },
            .signal = [this, semaphore](std::uint64_t value) { raise(semaphore, value); }};
  }
  // As ImportedBuffer, by descriptor.
  void* map(int fd, std::size_t bytes) {
    VkImportMemoryFdInfoKHR import{VK_STRUCTURE_TYPE_IMPORT_MEMORY_FD_INFO_KHR};
    import.handleType = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;
    import.fd = ::dup(fd);  // the driver's own
    VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocate.pNext = &import;
    allocate.allocationSize = bytes;
    allocate.memoryTypeIndex = device_->memory_type(~0u, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT, 0);
    VkDeviceMemory memory = VK_NULL_HANDLE;
    VK_CHECK(vkAllocateMemory(device_->handle(), &allocate, nullptr, &memory));
    MemoryHandle owned(device_->handle(), memory);
    void* data = nullptr;
    VK_CHECK(vkMapMemory(device_->handle(), memory, 0, VK_WHOLE_SIZE, 0, &data));
    mapped_.emplace(data, std::move(owned));
    return data;
  }

  Device* device_ = nullptr;
  FrameLayout layout_;
  std::array<Buffer, kFrameSlots> buffers_;
  std::optional<RingTimelines> timelines_;
  std::map<void*, MemoryHandle> mapped_;
  mock::Live live_;
  std::size_t descriptors_ = 0;
};

TEST_F(RingOnMocks, ASlotIsWrittenBehindItsWaitAndAnnouncedBehindItsCopy) {
  auto queue = open();
  ASSERT_TRUE(queue) << queue.error().message;
  const std::span<std::byte> slot = (*queue)->memory(1);
  ASSERT_EQ(slot.size(), layout_.bytes);
  ASSERT_TRUE((*queue)->wait_consumed(3));
  mock::enqueue((*queue)->stream(), [&] {
    mock::log_work("write");
    FrameHeader header;
    header.steps_per_epoch = 42;
    std::memcpy(slot.data() + layout_.header.offset, &header, sizeof(header));
  });
  ASSERT_TRUE((*queue)->keep_header(1));
  ASSERT_TRUE((*queue)->signal_published(7));
  raise(timelines_->consumed.get(), 2);
  EXPECT_FALSE((*queue)->finish(std::chrono::milliseconds(5)));
  EXPECT_EQ(mock::take_log(), Lines{}) << "the slot is still read";
  raise(timelines_->consumed.get(), 3);
  ASSERT_TRUE((*queue)->finish(std::chrono::seconds(5)));
  EXPECT_EQ(mock::take_log(), (Lines{"wait 3", "write", "copy", "signal 7"}));
  EXPECT_EQ(timeline_value(*device_, timelines_->published.get()), 7u);
  EXPECT_EQ((*queue)->header(1).steps_per_epoch, 42u);
  EXPECT_NE((*queue)->header(0).steps_per_epoch, 42u);
}

TEST_F(RingOnMocks, WhateverFailsAtTheOpeningIsNamedAndGivenBack) {
  const std::map<std::string, int> calls = {{"cudaGetDevice", 1},
                                            {"cudaDeviceGetStreamPriorityRange", 1},
                                            {"cudaStreamCreateWithPriority", 1},
                                            {"cudaHostAlloc", 1},
                                            {"cudaImportExternalMemory", 3},
                                            {"cudaExternalMemoryGetMappedBuffer", 3},
                                            {"cudaImportExternalSemaphore", 2}};
  for (const auto& [call, times] : calls)
    for (int after = 0; after < times; ++after) {
      mock::fail_next(call, kUnknown, after);
      const auto queue = open();
      EXPECT_FALSE(mock::failure_waits()) << call << " is called less than " << times << " times";
      ASSERT_FALSE(queue) << call;
      EXPECT_NE(queue.error().message.find(call), std::string::npos) << queue.error().message;
      EXPECT_NE(queue.error().message.find(" returned cudaErrorOfTheMock (in the mock's words)"), std::string::npos)
          << queue.error().message;
      expect_nothing_left("after " + call);
    }
}

TEST_F(RingOnMocks, WhateverFailsLaterIsNamedAndQueuesNothing) {
  auto queue = open();
  ASSERT_TRUE(queue);
  const auto expect_said = [](const Result<void>& done, const std::string& call) {
    ASSERT_FALSE(done) << call;
    EXPECT_NE(done.error().message.find(call), std::string::npos) << done.error().message;
    EXPECT_FALSE(mock::failure_waits()) << call;
  };
  for (const char* call : {"cudaSetDevice", "cudaWaitExternalSemaphoresAsync"}) {
    mock::fail_next(call, kUnknown);
    expect_said((*queue)->wait_consumed(0), call);
  }
  for (const char* call : {"cudaSetDevice", "cudaMemcpyAsync"}) {
    mock::fail_next(call, kUnknown);
    expect_said((*queue)->keep_header(0), call);
  }
  for (const char* call : {"cudaSetDevice", "cudaSignalExternalSemaphoresAsync"}) {
    mock::fail_next(call, kUnknown);
    expect_said((*queue)->signal_published(1), call);
  }
  for (const char* call : {"cudaSetDevice", "cudaStreamQuery"}) {
    mock::fail_next(call, kUnknown);
    expect_said((*queue)->finish(std::chrono::seconds(5)), call);
  }
  ASSERT_TRUE((*queue)->finish(std::chrono::seconds(5)));
  EXPECT_EQ(mock::take_log(), Lines{});
}

TEST_F(RingOnMocks, WhatIsMappedGoesBeforeItsMemoryAndTheStreamLast) {
  auto queue = open();
  ASSERT_TRUE(queue);
  EXPECT_EQ(mock::live().external, live_.external + 5);
  // A thread of its own, as the one that closes a ring may be.
  std::thread([&] { queue->reset(); }).join();
  EXPECT_EQ(mock::take_released(), (Lines{"unmap", "memory", "unmap", "memory", "unmap", "memory", "semaphore",
                                          "semaphore", "pinned", "stream"}));
}

TEST_F(RingOnMocks, TwoAtATimeKeepOutOfEachOthersWay) {
  auto first = open(), second = open();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(mock::live().external, live_.external + 10);
  first->reset();
  ASSERT_TRUE((*second)->keep_header(2));
  ASSERT_TRUE((*second)->signal_published(1));
  ASSERT_TRUE((*second)->finish(std::chrono::seconds(5)));
  EXPECT_EQ(mock::take_log(), (Lines{"copy", "signal 1"}));
}

TEST_F(RingOnMocks, ARingIsOfTheDeviceThatDraws) {
  cuda::use_device(0);  // too old to be used, and what a thread begins with
  {
    auto ring = make_cuda_ring(*device_, kSmall);
    ASSERT_TRUE(ring) << ring.error().message;
    const auto slot = (*ring)->try_begin_write();
    ASSERT_TRUE(slot);
    mock::enqueue(slot->stream, [&] {
      FrameHeader header;
      header.steps_per_epoch = 5;
      std::memcpy(slot->memory.data() + layout_.header.offset, &header, sizeof(header));
    });
    (*ring)->publish(*slot, {.facts = {.step = 6}});
    EXPECT_FALSE((*ring)->acquire_latest()) << "nothing has been worked off";
    cuda::use_device(1);
    const cuda::Stream waiting;
    waiting.synchronize();
    const auto frame = (*ring)->acquire_latest();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->header.steps_per_epoch, 5u);
    EXPECT_EQ(frame->facts.step, 6u) << "what the host said comes with it";
    (*ring)->abandoned(*frame);
  }
  DeviceUuid another = device_->external().uuid;
  another[15] ^= 1;
  mock::set_uuid(another);
  const auto none = make_cuda_ring(*device_, kSmall);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "CUDA has no device that is " + device_->name());
  mock::set_uuid(device_->external().uuid);
  for (const char* call : {"cudaGetDeviceCount", "cudaGetDeviceProperties", "cudaSetDevice", "cudaImportExternalSemaphore"}) {
    mock::fail_next(call, kUnknown);
    const auto ring = make_cuda_ring(*device_, kSmall);
    ASSERT_FALSE(ring) << call;
    EXPECT_NE(ring.error().message.find(call), std::string::npos) << ring.error().message;
    expect_nothing_left(std::string("after ") + call);
  }
}

}  // namespace
}  // namespace test
}  // namespace fl
