// Memory that leaves the device and comes back: what one side writes, the other reads.

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/vk/barrier.h"
#include "engine/vk/timeline.h"
#include "tests/support/headless_device.h"
#include "tests/support/imported_buffer.h"
#include "trainer/base/check.h"

namespace fl::testing {
namespace {

class External : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::string reason;
    static const auto headless = HeadlessDevice::make(reason);
    if (!headless) GTEST_SKIP() << reason;
    ASSERT_TRUE(headless->instance->validation()) << "install vulkan-validationlayers";
    device_ = headless->device.get();
    clear_validation_messages();
  }
  void TearDown() override { EXPECT_EQ(validation_message_count(), 0u); }
  Device* device_ = nullptr;
};

TEST_F(External, TheDriversAnswersAgree) {
  const ExternalSupport& support = device_->external();
  EXPECT_EQ(support.device, device_->name());
  EXPECT_EQ(support.is_cpu, device_->is_cpu());
  EXPECT_TRUE(support.timeline);  // or there would be no device
  EXPECT_TRUE(support.synchronization2);
  EXPECT_NE(support.uuid, DeviceUuid{});
  if (support.exports_timelines) {
    EXPECT_TRUE(support.semaphore_fd);
  }
}

TEST_F(External, WhatOneSideWritesTheOtherReads) {
  if (const std::string why = ImportedBuffer::unsupported(*device_); !why.empty()) GTEST_SKIP() << why;
  constexpr std::size_t kWords = 5000;  // no multiple of a page
  constexpr VkBufferUsageFlags kUsage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                        VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
  const Buffer shared(*device_, kWords * 4, kUsage, BufferMemory::kShared);
  EXPECT_TRUE(shared.mapped().empty());
  EXPECT_GE(shared.allocated(), shared.size());
  const ImportedBuffer other(*device_, shared);
  const std::span<std::uint32_t> words{reinterpret_cast<std::uint32_t*>(other.mapped().data()), kWords};

  // The device writes, the importer reads.
  device_->run_once([&](VkCommandBuffer cmd) {
    vkCmdFillBuffer(cmd, shared.handle(), 0, VK_WHOLE_SIZE, 0xfa11u);
    memory_barrier(cmd, kTransferWrite, kHostRead);
    memory_barrier(cmd, kTransferWrite, kTransferRead);  // for the copy below
  });
  EXPECT_EQ(std::ranges::count(words, 0xfa11u), static_cast<std::ptrdiff_t>(kWords));

  // The importer writes, the device reads.
  std::iota(words.begin(), words.end(), 7u);
  const Buffer readback(*device_, shared.size(), VK_BUFFER_USAGE_TRANSFER_DST_BIT, BufferMemory::kReadback);
  device_->run_once([&](VkCommandBuffer cmd) {
    const VkBufferCopy copy{0, 0, shared.size()};
    vkCmdCopyBuffer(cmd, shared.handle(), readback.handle(), 1, &copy);
    memory_barrier(cmd, kTransferWrite, kHostRead);
  });
  EXPECT_TRUE(std::ranges::equal(readback.as<std::uint32_t>(), words));
}

TEST_F(External, ADescriptorClosesItselfUnlessItWasTaken) {
  if (const std::string why = ImportedBuffer::unsupported(*device_); !why.empty()) GTEST_SKIP() << why;
  const Buffer shared(*device_, 256, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, BufferMemory::kShared);
  const auto lowest_free = [&] { return export_memory(*device_, shared.memory()).get(); };
  const int first = lowest_free();
  EXPECT_GE(first, 0);
  EXPECT_EQ(lowest_free(), first);  // closed again, so its number is free
  FileDescriptor kept = export_memory(*device_, shared.memory());
  const FileDescriptor moved = std::move(kept);
  EXPECT_EQ(moved.get(), first);
  EXPECT_NE(lowest_free(), first);
}

TEST_F(External, WhatTheDriverDoesNotExportIsNotAskedOfIt) {
  if (device_->external().exports_timelines)
    GTEST_SKIP() << device_->name() << " exports timeline semaphores";
  EXPECT_THROW(make_timeline(*device_, true), CheckFailure);
  EXPECT_THROW(export_semaphore(*device_, make_timeline(*device_).get()), CheckFailure);
}

}  // namespace
}  // namespace fl::testing
