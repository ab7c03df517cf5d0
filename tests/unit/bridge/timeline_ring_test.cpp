// The ring over two timeline semaphores on a Vulkan device under validation; the producer's device queue is a
// thread (ring_reader.h).

#include "engine/bridge/timeline_ring.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "engine/vk/check.h"
#include "engine/vk/timeline.h"
#include "tests/support/failing_vulkan.h"
#include "tests/support/headless_device.h"
#include "tests/support/ring_reader.h"
#include "tests/support/thread_queue.h"

namespace fl::testing {
namespace {

using namespace std::chrono_literals;

constexpr FrameCapacity kSmall{
    .grid_side = 17, .path_points = 64, .feature_floats = 128, .step_points = 64, .epoch_points = 16};
constexpr FrameCapacity kLarger{
    .grid_side = 33, .path_points = 64, .feature_floats = 512, .step_points = 64, .epoch_points = 16};

// Fills the slot with the step, which is also what the header begins with; the rest of it is `header`.
void queue_step(const FrameSlot& slot, std::uint32_t step, FrameHeader header = {}) {
  header.steps_per_epoch = step;
  ThreadQueue::of(slot).write([slot, header] {
    auto* begin = reinterpret_cast<std::uint32_t*>(slot.memory.data());
    std::fill(begin + slot.layout->heights.offset / 4, begin + slot.layout->bytes / 4,
              header.steps_per_epoch);
    std::memcpy(slot.memory.data() + slot.layout->header.offset, &header, sizeof(header));
  });
}

class ThreadWriter final : public WordWriter {
 public:
  void fill(const FrameSlot& slot, std::uint32_t word) override { queue_step(slot, word); }
  void expect(const FrameSlot& slot, std::uint32_t word) override {
    ThreadQueue::of(slot).write([this, slot, word] {
      const auto* begin = reinterpret_cast<const std::uint32_t*>(slot.memory.data());
      foreign_ += static_cast<std::uint64_t>(
          std::count_if(begin + slot.layout->heights.offset / 4, begin + slot.layout->bytes / 4,
                        [word](std::uint32_t w) { return w != word; }));
    });
  }
  std::uint64_t foreign() override { return foreign_; }

 private:
  std::atomic<std::uint64_t> foreign_ = 0;
};

// A slot comes free when the renderer's reads of it are done: in less than five seconds, or never.
bool publish_step(FrameRing& ring, std::uint32_t step) {
  ThreadWriter writer;
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!testing::publish_step(ring, writer, step)) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

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
  ThreadWriter writer;
  const auto reader = publish_many(*device_, *r, writer, kFrames);
  EXPECT_EQ(reader->torn, 0u);
  EXPECT_EQ(reader->backwards, 0u);
  EXPECT_GT(reader->frames, 100u);
  EXPECT_EQ(published(), kFrames);
  EXPECT_EQ(consumed(), reader->frames);
  RecordProperty("frames_read", static_cast<int>(reader->frames));
}

TEST_F(Timelines, BothSidesFindWhatTheOtherLeft) {
  const auto r = ring();
  ThreadWriter writer;
  constexpr std::uint32_t kRounds = 500;
  const PingPong played = play_ping_pong(*device_, *timelines_, *r, *queue_, writer, kRounds);
  EXPECT_EQ(played.rounds, kRounds);
  EXPECT_EQ(played.foreign, 0u);
  EXPECT_EQ(played.headers, 0u);
  EXPECT_EQ(writer.foreign(), 0u);
  EXPECT_EQ(published(), kRounds);
  EXPECT_EQ(consumed(), kRounds);
}

// The checks see what they are there for.
TEST_F(Timelines, AForeignWordIsSeenByEitherSide) {
  class Careless final : public WordWriter {
   public:
    void fill(const FrameSlot& slot, std::uint32_t word) override {
      writer.fill(slot, word);
      if (word == 7) ThreadQueue::of(slot).write([slot] { slot.memory.back() ^= std::byte{1}; });
    }
    void expect(const FrameSlot& slot, std::uint32_t word) override {
      if (word == ~5u) ThreadQueue::of(slot).write([slot] { slot.memory.back() ^= std::byte{1}; });
      writer.expect(slot, word);
    }
    std::uint64_t foreign() override { return writer.foreign(); }
    ThreadWriter writer;
  };
  const auto r = ring();
  Careless writer;
  const PingPong played = play_ping_pong(*device_, *timelines_, *r, *queue_, writer, 20);
  EXPECT_EQ(played.foreign, 1u);
  EXPECT_EQ(writer.foreign(), 1u);
}

TEST_F(Timelines, TheHeaderIsTheOneInTheSlot) {
  const auto r = ring();
  const auto slot = r->try_begin_write();
  FrameHeader on_device;
  on_device.layers[3].maximum = 4.5f;  // what only the device knows
  queue_step(*slot, 9, on_device);
  r->publish(*slot, {.facts = {.step = 9}});
  ASSERT_TRUE(r->wait_for_published(5s));
  const auto frame = r->acquire_latest();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header.steps_per_epoch, 9u);
  EXPECT_EQ(frame->facts.step, 9u);
  EXPECT_EQ(frame->header.layers[3].maximum, 4.5f);
  r->abandoned(*frame);
}

// What another API signals is found by looking: on some hosts its signal wakes no wait.
TEST_F(Timelines, AFrameIsFoundWhereNoWaitWakes) {
  const auto r = ring();
  queue_->slow_down(std::chrono::milliseconds(20));
  sleep_through_signals(true);
  const bool published = publish_step(*r, 1);
  const auto complete = r->wait_for_published(5s);
  sleep_through_signals(false);
  EXPECT_TRUE(published);
  EXPECT_TRUE(complete) << complete.error().message;
  EXPECT_EQ(r->published(), 1u);
}

// The memory is another API's too: each reading submission takes a slot over first and hands it back at its end.
TEST_F(Timelines, AReadingTakesItsSlotOverAndHandsItBack) {
  const auto r = ring();
  RingReader reader(*device_, *r);
  ASSERT_TRUE(publish_step(*r, 1));
  ASSERT_TRUE(r->wait_for_published(5s));
  const auto frame = r->acquire_latest();
  ASSERT_TRUE(frame);
  const SlotReading reading = r->reading(*frame);
  ASSERT_NE(reading.wait.commands, VkCommandBuffer{});
  ASSERT_NE(reading.signal.commands, VkCommandBuffer{});
  r->abandoned(*frame);
  watch_submissions();
  ASSERT_TRUE(reader.read());
  reader.finish();
  const std::vector<VkCommandBuffer> submitted = last_submission();
  ASSERT_EQ(submitted.size(), 3u);
  EXPECT_EQ(submitted.front(), reading.wait.commands);
  EXPECT_EQ(submitted.back(), reading.signal.commands);
}

TEST_F(Timelines, AFailedSubmissionIsForgotten) {
  const auto r = ring();
  RingReader reader(*device_, *r);
  std::uint32_t step = 0;
  for (int round = 0; round < 50; ++round) {
    ASSERT_TRUE(publish_step(*r, ++step));
    ASSERT_TRUE(r->wait_for_published(5s));
    // The reads of the rounds before are over; those that fail now leave no trace.
    const auto before = static_cast<std::uint64_t>(round);
    wait_for_timeline(*device_, timelines_->consumed.get(), before, 5s, "the renderer");
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
  RingReader reader(*device_, *r);
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
  RingReader reader(*device_, *r);
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
    RingReader reader(*device_, *r);
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
  queue_->slow_down(100ms);
  RingReader reader(*device_, *r);
  for (std::uint32_t step = 1; step <= 10; ++step) ASSERT_TRUE(publish_step(*r, step));
  EXPECT_LT(published(), 10u) << "queued, not waited for";
  // The renderer goes on with what is complete.
  while (reader.last() < 10) {
    reader.read();
    std::this_thread::sleep_for(2ms);
  }
  reader.finish();
  EXPECT_GT(reader.frames, 1u);
  EXPECT_EQ(reader.torn, 0u);
  EXPECT_EQ(reader.backwards, 0u);
}

TEST_F(Timelines, ASlowRendererHoldsNobodyUp) {
  const auto r = ring();
  RingReader reader(*device_, *r);
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
  RingReader reader(*device_, *r);
  ASSERT_TRUE(publish_step(*r, 1));
  ASSERT_TRUE(r->wait_for_published(5s));
  queue_->die();
  for (std::uint32_t step = 2; step < 5; ++step) ASSERT_TRUE(publish_step(*r, step));
  const auto waited = r->wait_for_published(50ms);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message,
            "Waited 0.05 s for the training to complete frame 4 of the ring (it has completed 1), without success; the "
            "graphics card no longer answers the training");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(reader.read());  // no submission waits for what may never come
  EXPECT_EQ(reader.last(), 1u);
  reader.finish();
  EXPECT_EQ(reader.torn, 0u);
}  // and the ring closes, in its time

TEST_F(Timelines, TheProducerLetsGoBeforeVulkanDoes) {
  auto r = ring();
  RingReader reader(*device_, *r);
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
