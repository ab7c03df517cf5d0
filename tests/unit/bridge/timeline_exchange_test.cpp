// The host's half of the ring over timeline semaphores, with plain atomics as semaphores and plain memory as
// slots. What it checks by values, the thread sanitizer checks by order.

#include "engine/bridge/timeline_exchange.h"

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/base/check.h"

namespace fl {
namespace {

// All that was submitted is done.
constexpr std::uint64_t kAll = ~std::uint64_t{0};

// Writes and completes at once; the value `published` has then.
std::uint64_t publish(TimelineExchange& exchange, std::uint64_t reached) {
  const auto write = exchange.begin_write(reached, kAll);
  FL_CHECK(write.has_value());
  exchange.announce(*write);
  return write->number;
}

TEST(TimelineExchange, NothingBeforeTheFirstFrameIsReached) {
  TimelineExchange exchange;
  EXPECT_FALSE(exchange.acquire(0));
  const auto write = exchange.begin_write(0, kAll);
  ASSERT_TRUE(write);
  EXPECT_EQ(write->wait_consumed, 0u);
  EXPECT_EQ(write->number, 1u);
  EXPECT_FALSE(exchange.acquire(0));
  exchange.announce(*write);
  EXPECT_FALSE(exchange.acquire(0));  // signalled is not reached
  const auto read = exchange.acquire(1);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 1u);
}

TEST(TimelineExchange, AFailedSignalLeavesNoFrameAndItsNumberIsUsedAgain) {
  TimelineExchange exchange;
  publish(exchange, 0);
  const auto failed = exchange.begin_write(1, kAll);
  exchange.discard(*failed);
  EXPECT_EQ(exchange.announced(), 1u);
  const auto again = exchange.begin_write(1, kAll);
  EXPECT_EQ(again->number, 2u);
  EXPECT_EQ(exchange.acquire(1)->number, 1u);  // what was complete still is
}

TEST(TimelineExchange, AFailedSubmissionLeavesNoReadAndItsValueIsUsedAgain) {
  TimelineExchange exchange;
  publish(exchange, 0);
  const auto read = exchange.acquire(1);
  EXPECT_EQ(exchange.next_consumed(), 1u);
  exchange.abandoned(read->slot);
  EXPECT_EQ(exchange.next_consumed(), 1u);
  publish(exchange, 1);
  publish(exchange, 2);
  // The slot of the abandoned read comes round: there is nothing to wait for.
  for (std::uint64_t n = 3; n < 9; ++n) {
    const auto write = exchange.begin_write(n, kAll);
    EXPECT_EQ(write->wait_consumed, 0u);
    exchange.announce(*write);
  }
}

TEST(TimelineExchange, TheWriterWaitsForTheLastReadOfItsSlot) {
  TimelineExchange exchange;
  std::array<std::uint64_t, kFrameSlots> last_read{};
  std::uint64_t published = 0;
  for (int round = 0; round < 100; ++round) {
    const auto write = exchange.begin_write(published, kAll);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->wait_consumed, last_read[write->slot]);
    exchange.announce(*write);
    published = write->number;
    for (int i = 0; i < round % 3; ++i) {
      const auto read = exchange.acquire(published);
      ASSERT_TRUE(read);
      last_read[read->slot] = exchange.next_consumed();
      exchange.submitted(read->slot);
    }
  }
}

TEST(TimelineExchange, NeitherTheNewestNorTheNewestCompleteIsWritten) {
  TimelineExchange exchange;
  publish(exchange, 0);                         // 1, complete
  const auto second = exchange.begin_write(1, kAll);  // 2, signalled and not reached
  exchange.announce(*second);
  const auto first = exchange.acquire(1);
  exchange.abandoned(first->slot);
  for (std::uint64_t n = 3; n < 20; ++n) {
    const auto write = exchange.begin_write(1, kAll);
    ASSERT_TRUE(write);
    EXPECT_NE(write->slot, first->slot);
    EXPECT_EQ(exchange.acquire(1)->slot, first->slot);  // still there to draw
    exchange.abandoned(first->slot);
    exchange.announce(*write);
  }
}

TEST(TimelineExchange, WhoLooksLateDoesNotSendTheRendererBack) {
  TimelineExchange exchange;
  for (std::uint64_t n = 0; n < 3; ++n) publish(exchange, 0);  // 1 to 3, none reached as the producer knows
  const auto seen = exchange.acquire(2);                       // the renderer looked later
  EXPECT_EQ(seen->number, 2u);
  exchange.submitted(seen->slot);
  const auto write = exchange.begin_write(1, kAll);  // the producer's own look is old
  ASSERT_TRUE(write);
  EXPECT_NE(write->slot, seen->slot);
  EXPECT_GE(exchange.acquire(2)->number, 2u);
}

TEST(TimelineExchange, WhileAllElseIsReadTheProducerGetsNothing) {
  TimelineExchange exchange;
  publish(exchange, 0);
  const auto a = exchange.acquire(1);
  publish(exchange, 1);
  const auto b = exchange.acquire(2);
  publish(exchange, 2);
  EXPECT_FALSE(exchange.begin_write(3, kAll));
  exchange.submitted(a->slot);
  const auto write = exchange.begin_write(3, kAll);
  ASSERT_TRUE(write);
  EXPECT_EQ(write->slot, a->slot);
  EXPECT_EQ(write->wait_consumed, 1u);
  exchange.abandoned(b->slot);
}

// A queue that trains is not to wait for a picture: the slot is handed out when its reads are done.
TEST(TimelineExchange, ASlotIsNotHandedOutBeforeItsReadIsDone) {
  TimelineExchange exchange;
  publish(exchange, 0);
  const auto read = exchange.acquire(1);
  exchange.submitted(read->slot);  // `consumed` will be 1
  publish(exchange, 1);
  for (std::uint64_t n = 2; n < 6; ++n) {
    const auto write = exchange.begin_write(n, 0);
    if (!write) continue;
    EXPECT_NE(write->slot, read->slot);
    exchange.announce(*write);
  }
  const auto late = exchange.acquire(5);
  ASSERT_TRUE(late);
  exchange.submitted(late->slot);
  const auto write = exchange.begin_write(5, 1);
  ASSERT_TRUE(write);
  EXPECT_EQ(write->slot, read->slot);
  EXPECT_EQ(write->wait_consumed, 1u);
  exchange.discard(*write);
}

TEST(TimelineExchange, ARingThatTakesOverGoesOn) {
  TimelineExchange exchange(41, 17);
  EXPECT_FALSE(exchange.acquire(41));  // that frame lies in memory that is gone
  EXPECT_EQ(exchange.next_consumed(), 18u);
  const auto write = exchange.begin_write(41, kAll);
  EXPECT_EQ(write->number, 42u);
  exchange.announce(*write);
  EXPECT_EQ(exchange.acquire(42)->number, 42u);
}

TEST(TimelineExchange, MistakesOfOursAreCaught) {
  TimelineExchange exchange;
  const auto write = exchange.begin_write(0, kAll);
  EXPECT_THROW(exchange.begin_write(0, kAll), CheckFailure);
  exchange.announce(*write);
  EXPECT_THROW(exchange.announce(*write), CheckFailure);
  EXPECT_THROW(exchange.submitted(0), CheckFailure);
  EXPECT_THROW(exchange.abandoned(0), CheckFailure);
}

// Two device queues as threads, each executing in order: waits and signals are atomics, slots plain words
// that the sanitizer watches. Submissions fail at random, on both sides.
struct Queue {
  std::mutex mutex;
  std::deque<std::function<bool()>> work;  // false: not yet, ask again
  std::atomic<bool> stop{false};
  std::jthread thread{[this] {
    while (!stop) {
      std::function<bool()> next;
      {
        const std::scoped_lock lock(mutex);
        if (!work.empty()) next = work.front();
      }
      if (!next) {
        std::this_thread::yield();
        continue;
      }
      while (!next() && !stop) std::this_thread::yield();
      const std::scoped_lock lock(mutex);
      work.pop_front();
    }
  }};
  void push(std::function<bool()> item) {
    const std::scoped_lock lock(mutex);
    work.push_back(std::move(item));
  }
  std::size_t size() {
    const std::scoped_lock lock(mutex);
    return work.size();
  }
  ~Queue() { stop = true; }
};

TEST(TimelineExchange, TwoQueuesNeverTearAFrame) {
  constexpr std::uint64_t kFrames = 10'000;
  TimelineExchange exchange;
  std::atomic<std::uint64_t> published{0}, consumed{0};
  std::array<std::array<std::uint64_t, 64>, kFrameSlots> slots{};
  std::atomic<std::uint64_t> torn{0}, early{0}, drawn{0}, backwards{0}, seen{0};
  {
    Queue writes, reads;
    std::jthread producer([&] {
      std::mt19937 random(1);
      while (exchange.announced() < kFrames) {
        // A renderer that gets no turn on a busy machine would see but the last frame.
        if (writes.size() > 8 || exchange.announced() > seen + 64) {
          std::this_thread::yield();
          continue;
        }
        const auto write = exchange.begin_write(published.load(), consumed.load());
        if (!write) continue;
        if (write->wait_consumed > consumed.load()) ++early;
        writes.push([&, w = *write] {
          slots[w.slot].fill(w.number);
          return true;
        });
        if (random() % 8 == 0) {  // the signalling call fails: the words are written, nobody may see them
          exchange.discard(*write);
          continue;
        }
        writes.push([&, n = write->number] {
          published.store(n);
          return true;
        });
        exchange.announce(*write);
      }
    });
    std::jthread renderer([&] {
      std::mt19937 random(2);
      std::uint64_t last = 0;
      while (last < kFrames) {
        if (reads.size() > 4) {
          std::this_thread::yield();
          continue;
        }
        const auto read = exchange.acquire(published.load());
        if (!read) continue;
        if (read->number < last) ++backwards;
        last = read->number;
        seen = last;
        if (random() % 8 == 0) {
          exchange.abandoned(read->slot);
          continue;
        }
        reads.push([&, r = *read] {
          for (const std::uint64_t word : slots[r.slot])
            if (word != r.number) {
              ++torn;
              break;
            }
          ++drawn;
          return true;
        });
        reads.push([&, m = exchange.next_consumed()] {
          consumed.store(m);
          return true;
        });
        exchange.submitted(read->slot);
      }
    });
    producer.join();
    renderer.join();
    while (writes.size() > 0 || reads.size() > 0) std::this_thread::yield();
  }
  EXPECT_EQ(torn, 0u);
  EXPECT_EQ(early, 0u) << "a slot was handed out while it was read";
  EXPECT_EQ(backwards, 0u);
  EXPECT_EQ(published, kFrames);
  EXPECT_EQ(consumed + 1, exchange.next_consumed());
  EXPECT_GT(drawn, 100u);
}

}  // namespace
}  // namespace fl
