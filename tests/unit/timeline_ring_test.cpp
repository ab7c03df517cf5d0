// The ring over two timeline semaphores on a Vulkan device under validation; the producer's device queue is a
// thread. The renderer copies each frame it reads, so that every word is looked at.

#include "engine/bridge/timeline_ring.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "engine/vk/barrier.h"
#include "engine/vk/check.h"
#include "engine/vk/frames.h"
#include "tests/support/failing_vulkan.h"
#include "tests/support/headless_device.h"
#include "tests/support/thread_queue.h"

namespace fl::testing {
namespace {

using namespace std::chrono_literals;

constexpr FrameCapacity kSmall{
    .grid_side = 17, .path_points = 64, .feature_floats = 128, .step_points = 64, .epoch_points = 16};
constexpr FrameCapacity kLarger{
    .grid_side = 33, .path_points = 64, .feature_floats = 512, .step_points = 64, .epoch_points = 16};

// Fills the slot but for the header with the step: one foreign word betrays a torn frame.
void queue_step(const FrameSlot& slot, std::uint32_t step, FrameHeader& header) {
  header.step = step;
  ThreadQueue::of(slot).write([slot, header] {
    auto* begin = reinterpret_cast<std::uint32_t*>(slot.memory.data());
    std::fill(begin + slot.layout->heights.offset / 4, begin + slot.layout->bytes / 4, header.step);
    std::memcpy(slot.memory.data() + slot.layout->header.offset, &header, sizeof(header));
  });
}

bool publish_step(FrameRing& ring, std::uint32_t step) {
  const auto slot = ring.try_begin_write();
  if (!slot) return false;
  FrameHeader header;
  queue_step(*slot, step, header);
  ring.publish(*slot, header);
  return true;
}

// Copies each acquired frame to the host, two copies in flight, as a window draws.
class Reader {
 public:
  Reader(Device& device, FrameRing& ring) : ring_(ring), frames_(device) {
    for (Buffer& copy : copies_)
      copy = Buffer(device, ring.layout().bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, BufferMemory::kReadback);
  }

  // False before the first frame. Throws what the submission throws, the frame handed back.
  bool read() {
    const FrameInFlight frame = frames_.begin();  // two back is done
    check(frame.index);
    ring_.completed(frames_.completed());
    const auto acquired = ring_.acquire_latest();
    if (acquired) {
      if (acquired->number < last_) ++backwards;
      if (acquired->number > last_) ++taken_;
      last_ = acquired->number;
      memory_barrier(frame.cmd, kTransferWrite, kTransferWrite);  // the copy before went to the same buffer
      const VkBufferCopy copy{0, 0, ring_.layout().bytes};
      vkCmdCopyBuffer(frame.cmd, ring_.buffers()[acquired->slot], copies_[frame.index].handle(), 1, &copy);
      memory_barrier(frame.cmd, kTransferWrite, kHostRead);
    }
    const SlotReading reading = acquired ? ring_.reading(*acquired) : SlotReading{};
    try {
      frames_.submit(frame, {&reading.wait, 1}, {&reading.signal, 1});
    } catch (const VulkanError&) {
      if (acquired) ring_.abandoned(*acquired);
      throw;
    }
    if (acquired) {
      ring_.submitted(*acquired, frame.number);
      waiting_[frame.index] = acquired->header.step;
    }
    return acquired.has_value();
  }
  void finish() {
    frames_.wait_all();
    for (std::uint32_t i = 0; i < FramesInFlight::kCount; ++i) check(i);
  }
  [[nodiscard]] std::uint64_t last() const { return last_; }
  // Reads so far of a frame that had not been read before; any thread may ask.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

  std::uint64_t frames = 0, torn = 0, backwards = 0;

 private:
  void check(std::uint32_t index) {
    const auto step = std::exchange(waiting_[index], std::nullopt);
    if (!step) return;
    ++frames;
    const std::span<const std::uint32_t> words = copies_[index].as<std::uint32_t>();
    const bool whole =
        words[0] == *step &&
        std::all_of(words.begin() + static_cast<std::ptrdiff_t>(ring_.layout().heights.offset / 4),
                    words.end(), [&](std::uint32_t word) { return word == *step; });
    if (!whole) ++torn;
  }

  FrameRing& ring_;
  FramesInFlight frames_;
  std::array<Buffer, FramesInFlight::kCount> copies_;
  std::array<std::optional<std::uint32_t>, FramesInFlight::kCount> waiting_;
  std::uint64_t last_ = 0;
  std::atomic<std::uint64_t> taken_ = 0;
};

class Timelines : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::string reason;
    static const auto headless = HeadlessDevice::make(reason);
    if (!headless) GTEST_SKIP() << reason;
    ASSERT_TRUE(headless->instance->validation()) << "install vulkan-validationlayers";
    device_ = headless->device.get();
    if (const std::string why = ImportedBuffer::unsupported(*device_); !why.empty()) GTEST_SKIP() << why;
    clear_validation_messages();
    timelines_ = std::make_shared<RingTimelines>(*device_, false);
  }
  void TearDown() override { EXPECT_EQ(validation_message_count(), 0u); }

  std::unique_ptr<TimelineRing> ring(const FrameCapacity& capacity = kSmall) {
    auto made = TimelineRing::create(
        *device_, timelines_, capacity,
        [this](std::span<const Buffer, kFrameSlots> buffers,
               const FrameLayout& layout) -> Result<std::unique_ptr<ProducerQueue>> {
          auto queue = std::make_unique<ThreadQueue>(*device_, *timelines_, buffers, layout);
          queue_ = queue.get();
          return std::unique_ptr<ProducerQueue>(std::move(queue));
        });
    return *std::move(made);
  }
  [[nodiscard]] std::uint64_t published() const {
    return timeline_value(*device_, timelines_->published.get());
  }
  [[nodiscard]] std::uint64_t consumed() const {
    return timeline_value(*device_, timelines_->consumed.get());
  }

  Device* device_ = nullptr;
  std::shared_ptr<RingTimelines> timelines_;
  ThreadQueue* queue_ = nullptr;  // of the last ring
};

TEST_F(Timelines, SlotsBeginAsZerosAndNothingIsShown) {
  const auto r = ring();
  EXPECT_FALSE(r->acquire_latest());
  for (std::uint32_t slot = 0; slot < kFrameSlots; ++slot)
    EXPECT_TRUE(std::ranges::all_of(queue_->memory(slot), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_F(Timelines, TenThousandPublishes) {
  const auto r = ring();
  constexpr std::uint32_t kFrames = 10'000;
  Reader reader(*device_, *r);
  {
    std::jthread trainer([&] {
      for (std::uint32_t step = 1; step <= kFrames;) {
        // Else they are over before the third is drawn: every sixty-fourth waits until one more is.
        if (step / 64 > reader.taken()) {
          std::this_thread::yield();
          continue;
        }
        if (publish_step(*r, step)) ++step;
      }
    });
    while (reader.last() < kFrames) reader.read();
  }
  reader.finish();
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(reader.backwards, 0u);
  EXPECT_GT(reader.frames, 100u);
  EXPECT_EQ(published(), kFrames);
  EXPECT_EQ(consumed(), reader.frames);
  RecordProperty("frames_read", static_cast<int>(reader.frames));
}

TEST_F(Timelines, TheHeaderIsTheOneInTheSlot) {
  const auto r = ring();
  const auto slot = r->try_begin_write();
  FrameHeader on_device;
  on_device.layers[3].maximum = 4.5f;  // what only the device knows
  queue_step(*slot, 9, on_device);
  r->publish(*slot, {});
  ASSERT_TRUE(r->wait_for_published(5s));
  const auto frame = r->acquire_latest();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header.step, 9u);
  EXPECT_EQ(frame->header.layers[3].maximum, 4.5f);
  r->abandoned(*frame);
}

TEST_F(Timelines, AFailedSubmissionIsForgotten) {
  const auto r = ring();
  Reader reader(*device_, *r);
  std::uint32_t step = 0;
  for (int round = 0; round < 50; ++round) {
    ASSERT_TRUE(publish_step(*r, ++step));
    ASSERT_TRUE(r->wait_for_published(5s));
    const std::uint64_t before = consumed();
    fail_submissions(VK_ERROR_OUT_OF_DEVICE_MEMORY, 1 + round % 3);
    for (int i = 0; i < 1 + round % 3; ++i) EXPECT_THROW(reader.read(), VulkanError);
    EXPECT_EQ(consumed(), before);
    ASSERT_TRUE(reader.read());
    // Round and round: a writer that waited for a read that never came would hang here.
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(publish_step(*r, ++step));
  }
  reader.finish();
  ASSERT_TRUE(r->wait_for_published(5s));
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(reader.frames, 50u);
  EXPECT_EQ(consumed(), 50u);
}

TEST_F(Timelines, AFailedSignalIsAnErrorAndNoFrame) {
  const auto r = ring();
  Reader reader(*device_, *r);
  ASSERT_TRUE(publish_step(*r, 1));
  ASSERT_TRUE(r->wait_for_published(5s));
  for (const char* call : {"header", "signal"}) {
    queue_->fail_next(call);
    try {
      publish_step(*r, 2);
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& e) {
      EXPECT_NE(std::string(e.what()).find(call), std::string::npos) << e.what();
    }
    EXPECT_EQ(r->published(), 1u);
  }
  ASSERT_TRUE(reader.read());
  ASSERT_TRUE(publish_step(*r, 3));
  ASSERT_TRUE(r->wait_for_published(5s));
  ASSERT_TRUE(reader.read());
  reader.finish();
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(r->published(), 2u);
}

TEST_F(Timelines, AFailedWaitLeavesTheSlotFree) {
  const auto r = ring();
  Reader reader(*device_, *r);
  std::uint32_t step = 0;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(publish_step(*r, ++step));
    ASSERT_TRUE(r->wait_for_published(5s));
    ASSERT_TRUE(reader.read());
  }
  queue_->fail_next("wait");
  EXPECT_THROW(static_cast<void>(r->try_begin_write()), std::runtime_error);
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(publish_step(*r, ++step));
  ASSERT_TRUE(r->wait_for_published(5s));
  ASSERT_TRUE(reader.read());
  reader.finish();
  EXPECT_EQ(reader.torn, 0u);
}

// A lesson of another size, and the same one begun again: new slots, the same semaphores.
TEST_F(Timelines, ValuesRiseAcrossResizesAndRestarts) {
  std::uint32_t step = 0;
  std::uint64_t last_published = 0, last_consumed = 0;
  for (int round = 0; round < 6; ++round) {
    const auto r = ring(round % 2 == 0 ? kSmall : kLarger);
    EXPECT_FALSE(r->acquire_latest());  // the old ring's frames are gone
    EXPECT_EQ(published(), last_published);
    EXPECT_EQ(consumed(), last_consumed);
    Reader reader(*device_, *r);
    for (int i = 0; i < 40; ++i) {
      ASSERT_TRUE(publish_step(*r, ++step));
      reader.read();
      if (i == 20) {  // the run is joined and started anew; the ring stays
        std::jthread again([&] { publish_step(*r, ++step); });
      }
    }
    ASSERT_TRUE(r->wait_for_published(5s));
    ASSERT_TRUE(reader.read());
    reader.finish();
    EXPECT_EQ(reader.torn, 0u);
    EXPECT_EQ(reader.backwards, 0u);
    EXPECT_EQ(published(), last_published + 41);
    EXPECT_GT(consumed(), last_consumed);
    last_published = published();
    last_consumed = consumed();
  }
}

TEST_F(Timelines, ASlowProducerHoldsNobodyUp) {
  const auto r = ring();
  queue_->slow_down(20ms);
  Reader reader(*device_, *r);
  const auto start = std::chrono::steady_clock::now();
  for (std::uint32_t step = 1; step <= 10; ++step) ASSERT_TRUE(publish_step(*r, step));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 100ms);  // queued, not waited for
  // The renderer goes on with what is complete.
  while (reader.last() < 10) {
    reader.read();
    std::this_thread::sleep_for(2ms);
  }
  reader.finish();
  EXPECT_GT(reader.frames, 4u);
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(reader.backwards, 0u);
}

TEST_F(Timelines, ASlowRendererHoldsNobodyUp) {
  const auto r = ring();
  Reader reader(*device_, *r);
  std::atomic<bool> stop{false};
  std::atomic<std::uint32_t> step{0};
  {
    std::jthread trainer([&] {
      while (!stop)
        if (publish_step(*r, step + 1)) ++step;
    });
    for (int i = 0; i < 20; ++i) {
      reader.read();
      std::this_thread::sleep_for(10ms);
    }
    stop = true;
  }
  reader.finish();
  EXPECT_GT(step, 100u);
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(reader.backwards, 0u);
}

TEST_F(Timelines, ADeadProducerIsNamedAndTheLastFrameStays) {
  const auto r = ring();
  Reader reader(*device_, *r);
  ASSERT_TRUE(publish_step(*r, 1));
  ASSERT_TRUE(r->wait_for_published(5s));
  queue_->die();
  for (std::uint32_t step = 2; step < 5; ++step) ASSERT_TRUE(publish_step(*r, step));
  const auto waited = r->wait_for_published(50ms);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message,
            "Waited 0.05 s for the training to complete frame 4 of the ring (it has completed 1), which did "
            "not come; "
            "the graphics card no longer answers the training");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(reader.read());  // no submission waits for what may never come
  EXPECT_EQ(reader.last(), 1u);
  reader.finish();
  EXPECT_EQ(reader.torn, 0u);
}  // and the ring closes, in its time

TEST_F(Timelines, TheProducerLetsGoBeforeVulkanDoes) {
  auto r = ring();
  Reader reader(*device_, *r);
  for (std::uint32_t step = 1; step < 20; ++step) publish_step(*r, step), reader.read();
  ThreadQueue::log().clear();
  const std::weak_ptr<RingTimelines> semaphores = timelines_;
  r.reset();
  EXPECT_EQ(ThreadQueue::log(), std::vector<std::string>{"queue"});
  EXPECT_FALSE(semaphores.expired());
  timelines_.reset();
  EXPECT_TRUE(semaphores.expired());  // the validation layer would name a semaphore destroyed in use
}

}  // namespace
}  // namespace fl::testing
