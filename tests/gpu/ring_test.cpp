// The ring between CUDA and Vulkan on one card: memory that Vulkan exports, timeline semaphores that CUDA
// waits for and signals. What is asked of it is what tests/unit asks of a thread in CUDA's place
// (ring_reader.h).
#include <gtest/gtest.h>

#include "engine/bridge/cuda_queue.h"
#include "tests/gpu/shared_card.h"
#include "tests/gpu/words.h"
#include "tests/support/ring_reader.h"
#include "trainer/compute/cuda/device.h"

namespace fl::test {
namespace {

constexpr FrameCapacity kCapacity{.grid_side = 129,
                                  .path_points = 1024,
                                  .feature_floats = 1 << 16,
                                  .step_points = 1024,
                                  .epoch_points = 64};

class CudaWords final : public testing::WordWriter {
 public:
  explicit CudaWords(int device) : device_(device) {
    cuda::use_device(device_);
    foreign_ = cuda::DeviceArray<unsigned long long>(1);
  }
  void fill(const FrameSlot& slot, std::uint32_t word) override {
    cuda::use_device(device_);
    fill_words(slot.stream, words(slot), 1, word);
    fill_words(slot.stream, words(slot) + first(slot), count(slot), word);
  }
  void expect(const FrameSlot& slot, std::uint32_t word) override {
    cuda::use_device(device_);
    count_foreign_words(slot.stream, words(slot) + first(slot), count(slot), word, foreign_.data().get());
  }
  std::uint64_t foreign() override {
    cuda::use_device(device_);
    unsigned long long value = 0;
    const cuda::Stream stream;
    cuda::download(stream, &value, foreign_.data(), sizeof(value));
    return value;
  }

 private:
  // FrameHeader begins with steps_per_epoch, and the slot with the header.
  static std::uint32_t* words(const FrameSlot& slot) {
    return reinterpret_cast<std::uint32_t*>(slot.memory.data());
  }
  static std::size_t first(const FrameSlot& slot) {
    return slot.layout->heights.offset / sizeof(std::uint32_t);
  }
  static std::size_t count(const FrameSlot& slot) {
    return slot.layout->bytes / sizeof(std::uint32_t) - first(slot);
  }
  int device_;
  cuda::DeviceArray<unsigned long long> foreign_;
};

class CudaRing : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    card_ = SharedCard::get(reason);
    if (card_ == nullptr) GTEST_SKIP() << reason;
    cuda::use_device(card_->cuda_device);
    timelines_ = std::make_shared<RingTimelines>(*card_->device, true);
    auto ring =
        TimelineRing::create(*card_->device, timelines_, kCapacity,
                             [this](std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout) {
                               auto queue = CudaQueue::create(*card_->device, *timelines_, buffers, layout);
                               if (queue) queue_ = queue->get();
                               return queue;
                             });
    ASSERT_TRUE(ring) << ring.error().message;
    ring_ = *std::move(ring);
    words_ = std::make_unique<CudaWords>(card_->cuda_device);
  }
  [[nodiscard]] std::uint64_t value(const SemaphoreHandle& semaphore) const {
    return timeline_value(*card_->device, semaphore.get());
  }

  SharedCard* card_ = nullptr;
  std::shared_ptr<RingTimelines> timelines_;
  std::unique_ptr<TimelineRing> ring_;
  ProducerQueue* queue_ = nullptr;
  std::unique_ptr<CudaWords> words_;
};

TEST_F(CudaRing, BothSidesFindWhatTheOtherLeft) {
  constexpr std::uint32_t kRounds = 1000;
  const testing::PingPong played =
      testing::play_ping_pong(*card_->device, *timelines_, *ring_, *queue_, *words_, kRounds);
  EXPECT_EQ(played.rounds, kRounds);
  EXPECT_EQ(played.foreign, 0u) << "in Vulkan's eyes";
  EXPECT_EQ(words_->foreign(), 0u) << "in CUDA's eyes";
  EXPECT_EQ(played.headers, 0u);
  EXPECT_EQ(value(timelines_->published), kRounds);
  EXPECT_EQ(value(timelines_->consumed), kRounds);
}

TEST_F(CudaRing, TenThousandPublishes) {
  constexpr std::uint32_t kFrames = 10'000;
  const auto reader = testing::publish_many(*card_->device, *ring_, *words_, kFrames);
  EXPECT_EQ(reader->last(), kFrames);
  EXPECT_EQ(reader->torn, 0u);
  EXPECT_EQ(reader->backwards, 0u);
  EXPECT_GT(reader->frames, 100u);
  EXPECT_EQ(value(timelines_->published), kFrames);
  EXPECT_EQ(value(timelines_->consumed), reader->frames);
}

}  // namespace
}  // namespace fl::test
