#include "tests/support/ring_reader.h"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

#include "engine/vk/barrier.h"
#include "engine/vk/check.h"

namespace fl::testing {
namespace {

constexpr std::chrono::seconds kFinish{10};

std::span<const std::uint32_t> behind_header(const Buffer& copy, const FrameLayout& layout) {
  return copy.as<const std::uint32_t>().subspan(layout.heights.offset / sizeof(std::uint32_t));
}

// The slot's copy on the host, complete when the frame is.
void copy_slot(VkCommandBuffer cmd, VkBuffer slot, const Buffer& copy, std::size_t bytes) {
  // The copy before went to the same buffer; whoever answered in the slot has written there.
  memory_barrier(cmd, kTransferWrite, {kTransferWrite.stage, kTransferWrite.access | kTransferRead.access});
  const VkBufferCopy whole{0, 0, bytes};
  vkCmdCopyBuffer(cmd, slot, copy.handle(), 1, &whole);
  memory_barrier(cmd, kTransferWrite, kHostRead);
}

std::array<Buffer, FramesInFlight::kCount> make_copies(const Device& device, std::size_t bytes) {
  std::array<Buffer, FramesInFlight::kCount> copies;
  for (Buffer& copy : copies)
    copy = Buffer(device, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, BufferMemory::kReadback);
  return copies;
}

void must(const Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().message);
}

std::uint32_t answer_to(std::uint32_t round) {
  return ~round;
}

}  // namespace

bool publish_step(FrameRing& ring, WordWriter& writer, std::uint32_t step) {
  const auto slot = ring.try_begin_write();
  if (!slot) return false;
  writer.fill(*slot, step);
  ring.publish(*slot, {.facts = {.step = step}});
  return true;
}

RingReader::RingReader(Device& device, FrameRing& ring)
    : ring_(ring), copies_(make_copies(device, ring.layout().bytes)), frames_(device) {}

bool RingReader::read() {
  const FrameInFlight frame = frames_.begin();  // two back is done
  check(frame.index);
  ring_.completed(frames_.completed());
  const auto acquired = ring_.acquire_latest();
  if (acquired) {
    if (acquired->number < last_) ++backwards;
    if (acquired->number > last_) ++taken_;
    last_ = acquired->number;
    copy_slot(frame.cmd, ring_.buffers()[acquired->slot], copies_[frame.index], ring_.layout().bytes);
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
    waiting_[frame.index] = acquired->facts.step;
  }
  return acquired.has_value();
}

void RingReader::finish() {
  frames_.wait_all();
  for (std::uint32_t i = 0; i < FramesInFlight::kCount; ++i) check(i);
}

void RingReader::check(std::uint32_t index) {
  const auto step = std::exchange(waiting_[index], std::nullopt);
  if (!step) return;
  ++frames;
  const bool whole = copies_[index].as<std::uint32_t>()[0] == *step &&
                     std::ranges::all_of(behind_header(copies_[index], ring_.layout()),
                                         [&](std::uint32_t word) { return word == *step; });
  if (!whole) ++torn;
}

std::unique_ptr<RingReader> publish_many(Device& device, FrameRing& ring, WordWriter& writer,
                                         std::uint32_t frames) {
  auto reader = std::make_unique<RingReader>(device, ring);
  {
    const std::jthread producer([&](const std::stop_token& stop) {
      for (std::uint32_t step = 1; step <= frames && !stop.stop_requested();) {
        // Else they are over before the third is drawn: every sixty-fourth waits until one more is.
        if (step / 64 > reader->taken() || !publish_step(ring, writer, step))
          std::this_thread::yield();
        else
          ++step;
      }
    });
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (reader->last() < frames && std::chrono::steady_clock::now() < end) reader->read();
  }
  reader->finish();
  return reader;
}

PingPong play_ping_pong(Device& device, const RingTimelines& timelines, TimelineRing& ring,
                        ProducerQueue& queue, WordWriter& writer, std::uint32_t rounds) {
  PingPong result;
  const FrameLayout& layout = ring.layout();
  const auto slots = ring.buffers();
  const auto copies = make_copies(device, layout.bytes);
  FramesInFlight frames(device);
  std::array<std::uint32_t, FramesInFlight::kCount> in_flight{};  // rounds; 0: none
  const auto check = [&](std::uint32_t index) {
    const std::uint32_t round = std::exchange(in_flight[index], 0u);
    if (round == 0) return;
    ++result.rounds;
    result.foreign += static_cast<std::uint64_t>(std::ranges::count_if(
        behind_header(copies[index], layout), [&](std::uint32_t word) { return word != round; }));
    if (queue.header(round % kFrameSlots).steps_per_epoch != round) ++result.headers;
  };
  for (std::uint32_t round = 1; round <= rounds; ++round) {
    const FrameInFlight frame =
        frames.begin();  // its predecessor but one is done, and its slot not yet written again
    check(frame.index);
    const std::uint32_t slot = round % kFrameSlots;
    const FrameSlot view{slot, queue.memory(slot), &layout, queue.stream()};
    if (round > 1) must(queue.wait_consumed(round - 1));
    writer.expect(view, round > kFrameSlots ? answer_to(round - kFrameSlots) : 0);
    writer.fill(view, round);
    must(queue.keep_header(slot));
    must(queue.signal_published(round));

    constexpr Access kOutside{VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE};
    ownership_barrier(frame.cmd, slots[slot], VK_QUEUE_FAMILY_EXTERNAL, device.queue_family(), kOutside, kTransferRead);
    copy_slot(frame.cmd, slots[slot], copies[frame.index], layout.bytes);
    memory_barrier(frame.cmd, kTransferRead, kTransferWrite);
    vkCmdFillBuffer(frame.cmd, slots[slot], layout.heights.offset, VK_WHOLE_SIZE, answer_to(round));
    ownership_barrier(frame.cmd, slots[slot], device.queue_family(), VK_QUEUE_FAMILY_EXTERNAL, kTransferWrite, kOutside);
    const SemaphoreUse wait{timelines.published.get(), round}, signal{timelines.consumed.get(), round};
    frames.submit(frame, {&wait, 1}, {&signal, 1});
    in_flight[frame.index] = round;
  }
  frames.wait_all();
  for (std::uint32_t i = 0; i < FramesInFlight::kCount; ++i) check(i);
  must(queue.finish(kFinish));
  return result;
}

}  // namespace fl::testing
