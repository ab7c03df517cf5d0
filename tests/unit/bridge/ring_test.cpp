// The ring's protocol over plain memory, with a producer far faster than any training. Run it under the
// thread sanitizer too: what it checks by values, the sanitizer checks by order.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/bridge/slot_ring.h"

namespace fl {
namespace {

constexpr FrameCapacity kSmall{
    .grid_side = 17, .path_points = 64, .feature_floats = 128, .step_points = 64, .epoch_points = 16};

struct PlainRing {
  explicit PlainRing(bool looks = false) : layout(FrameLayout::for_capacity(kSmall)) {
    for (auto& slot : storage) slot.resize(layout.bytes);
    ring.emplace(layout, std::array<std::span<std::byte>, kFrameSlots>{storage[0], storage[1], storage[2]},
                 looks);
  }
  FrameLayout layout;
  std::array<std::vector<std::byte>, kFrameSlots> storage;
  std::optional<SlotRing> ring;
};

std::span<const std::uint32_t> words(const PlainRing& plain, std::uint32_t slot) {
  const auto& bytes = plain.storage[slot];
  return {reinterpret_cast<const std::uint32_t*>(bytes.data()), bytes.size() / sizeof(std::uint32_t)};
}

// Fills the whole slot but the header with the step, so that one foreign word betrays a torn frame.
void publish_step(PlainRing& plain, const FrameSlot& slot, std::uint32_t step) {
  auto* begin = reinterpret_cast<std::uint32_t*>(slot.memory.data());
  std::fill(begin + plain.layout.heights.offset / 4, begin + slot.memory.size() / 4, step);
  Frame frame;
  frame.header.steps_per_epoch = frame.facts.step = step;
  plain.ring->publish(slot, frame);
}

bool whole(const PlainRing& plain, const AcquiredFrame& frame) {
  const auto content = words(plain, frame.slot);
  return content[0] == frame.facts.step &&
         frame.header.steps_per_epoch ==
             frame.facts.step &&  // the header's first member, as a shader reads it
         std::all_of(content.begin() + static_cast<std::ptrdiff_t>(plain.layout.heights.offset / 4),
                     content.end(), [&](std::uint32_t word) { return word == frame.facts.step; });
}

TEST(SlotRing, NothingBeforeTheFirstPublish) {
  PlainRing plain;
  EXPECT_FALSE(plain.ring->acquire_latest());
  ASSERT_TRUE(plain.ring->try_begin_write());
  EXPECT_FALSE(plain.ring->acquire_latest());  // begun is not published
}

// A frame of a 5x5 surface, three points of a path, two layers and two steps, and zeros behind.
Frame usual_frame() {
  Frame frame;
  frame.facts.grid_side = 5;
  frame.header.path_count = 3;
  frame.facts.layer_count = 2;
  frame.header.layers[0] = {.offset = 0, .channels = 1, .height = 4, .width = 4};
  frame.header.layers[1] = {.offset = 16, .channels = 8, .height = 1, .width = 1};
  frame.facts.step_count = 2;
  return frame;
}

SlotContents next_contents(PlainRing& plain, const Frame& frame,
                           const std::function<void(const FrameSlot&)>& fill) {
  const auto slot = plain.ring->try_begin_write();
  EXPECT_TRUE(slot);
  std::fill(slot->memory.begin(), slot->memory.end(), std::byte{0});
  fill(*slot);
  plain.ring->publish(*slot, frame);
  const auto got = plain.ring->acquire_latest();
  plain.ring->release(got->slot);
  return got->contents;
}

TEST(SlotRing, SaysWhichSectionsHaveChanged) {
  PlainRing plain(true);
  const auto nothing = [](const FrameSlot&) {};
  const SlotContents first = next_contents(plain, usual_frame(), nothing);
  EXPECT_TRUE(first.known());
  EXPECT_EQ(first.heights.size(), 25U);
  EXPECT_EQ(first.path.size(), 3U);
  EXPECT_EQ(next_contents(plain, usual_frame(), nothing).revisions, first.revisions);
  // What the frame does not use may be anything.
  const SlotContents same = next_contents(plain, usual_frame(), [](const FrameSlot& slot) {
    slot.heights()[25] = slot.features()[24] = slot.steps()[2].loss = 1;
    slot.path()[3].a = 1;
    slot.epochs()[0].loss = 1;
  });
  EXPECT_EQ(same.revisions, first.revisions);

  struct Case {
    std::function<void(const FrameSlot&)> fill;
    std::uint64_t SectionRevisions::*section;
  };
  for (const Case& one :
       {Case{[](const FrameSlot& slot) { slot.heights()[24] = 1; }, &SectionRevisions::heights},
        Case{[](const FrameSlot& slot) { slot.cells()[24] = 1; }, &SectionRevisions::cells},
        Case{[](const FrameSlot& slot) { slot.path()[2].rate = 1; }, &SectionRevisions::path},
        Case{[](const FrameSlot& slot) { slot.features()[23] = 1; }, &SectionRevisions::features},
        Case{[](const FrameSlot& slot) { slot.steps()[1].loss = 1; }, &SectionRevisions::steps}}) {
    const SectionRevisions before = next_contents(plain, usual_frame(), nothing).revisions;
    SectionRevisions after = next_contents(plain, usual_frame(), one.fill).revisions;
    EXPECT_NE(after.*one.section, before.*one.section);
    after.*one.section = before.*one.section;
    EXPECT_EQ(after, before);
  }
  // Fewer are other contents, too; and no other ring has any of these numbers.
  Frame fewer = usual_frame();
  fewer.header.path_count = 2;
  const SectionRevisions last = next_contents(plain, fewer, nothing).revisions;
  EXPECT_NE(last.path, first.revisions.path);
  PlainRing other(true);
  EXPECT_NE(next_contents(other, fewer, nothing).revisions.path, last.path);
}

TEST(SlotRing, SaysNothingOfMemoryThatIsSlowToRead) {
  PlainRing plain;
  const SlotContents contents = next_contents(plain, usual_frame(), [](const FrameSlot&) {});
  EXPECT_FALSE(contents.known());
  EXPECT_TRUE(contents.path.empty());
}

TEST(SlotRing, LatestIsTheNewestAndIsGivenAgain) {
  PlainRing plain;
  for (std::uint32_t step = 1; step <= 5; ++step) {
    const auto slot = plain.ring->try_begin_write();
    ASSERT_TRUE(slot);
    publish_step(plain, *slot, step);
  }
  for (int again = 0; again < 3; ++again) {
    const auto frame = plain.ring->acquire_latest();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->facts.step, 5u);
    EXPECT_EQ(frame->number, 5u);
    EXPECT_TRUE(whole(plain, *frame));
    plain.ring->release(frame->slot);
  }
  EXPECT_EQ(plain.ring->published(), 5u);
}

TEST(SlotRing, HeldSlotsAreNeverWritten) {
  PlainRing plain;
  std::vector<AcquiredFrame> held;
  for (std::uint32_t step = 1; step <= kFrameSlots; ++step) {
    const auto slot = plain.ring->try_begin_write();
    ASSERT_TRUE(slot) << "step " << step;
    publish_step(plain, *slot, step);
    held.push_back(*plain.ring->acquire_latest());
  }
  // All three are read: the producer gets nothing, at once, and the readers' content stands.
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(plain.ring->try_begin_write());
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
  for (const AcquiredFrame& frame : held) EXPECT_TRUE(whole(plain, frame));

  // The newest stays out of reach even when nobody reads it; an older one becomes free.
  plain.ring->release(held[2].slot);
  EXPECT_FALSE(plain.ring->try_begin_write());
  plain.ring->release(held[0].slot);
  const auto slot = plain.ring->try_begin_write();
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->index, held[0].slot);
}

TEST(SlotRing, ASlotAcquiredTwiceIsFreeAfterTheSecondRelease) {
  PlainRing plain;
  publish_step(plain, *plain.ring->try_begin_write(), 1);
  const auto first = plain.ring->acquire_latest();
  const auto second = plain.ring->acquire_latest();
  ASSERT_EQ(first->slot, second->slot);
  publish_step(plain, *plain.ring->try_begin_write(), 2);
  const auto third = plain.ring->acquire_latest();
  publish_step(plain, *plain.ring->try_begin_write(), 3);
  // Slots: one read twice, one read once, one newest.
  EXPECT_FALSE(plain.ring->try_begin_write());
  plain.ring->release(first->slot);
  EXPECT_FALSE(plain.ring->try_begin_write());
  plain.ring->release(second->slot);
  const auto slot = plain.ring->try_begin_write();
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->index, first->slot);
  plain.ring->release(third->slot);
}

// A renderer with two frames in flight, and a second reader (say, a capture), against a producer without a
// pause: thousands of frames a second.
TEST(SlotRing, FastProducerNeverTearsAFrame) {
  PlainRing plain;
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> torn{0};
  std::atomic<std::uint64_t> backwards{0};
  std::array<std::atomic<std::uint64_t>, 2> read{};

  std::jthread producer([&] {
    std::uint32_t step = 0;
    while (!stop) {
      if (const auto slot = plain.ring->try_begin_write()) publish_step(plain, *slot, ++step);
    }
  });
  const auto reader = [&](std::size_t index, std::size_t in_flight) {
    std::vector<AcquiredFrame> held;
    std::uint64_t last = 0;
    while (!stop) {
      const auto frame = plain.ring->acquire_latest();
      if (!frame) continue;
      held.push_back(*frame);
      if (frame->number < last) ++backwards;
      last = frame->number;
      if (frame->facts.step != frame->number) ++torn;
      for (const AcquiredFrame& h : held)  // also the older one: it is still ours
        if (!whole(plain, h)) ++torn;
      if (held.size() >= in_flight) {
        plain.ring->release(held.front().slot);
        held.erase(held.begin());
      }
      ++read[index];
    }
    for (const AcquiredFrame& h : held) plain.ring->release(h.slot);
  };
  {
    std::jthread renderer(reader, 0, 2);
    std::jthread capture(reader, 1, 1);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    stop = true;
  }
  producer.join();

  EXPECT_EQ(torn, 0u);
  EXPECT_EQ(backwards, 0u);
  EXPECT_GT(plain.ring->published(), 2000u);
  EXPECT_GT(read[0], 500u);
  EXPECT_GT(read[1], 500u);
  // Everything was handed back: the producer finds a free slot again.
  EXPECT_TRUE(plain.ring->try_begin_write());
}

}  // namespace
}  // namespace fl
