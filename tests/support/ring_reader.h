#pragma once
// What is asked of a timeline ring whatever stands behind its producer's queue: a thread (tests/unit), or a
// CUDA stream on a real card (tests/gpu). Slots are filled with one number, so that one foreign word betrays
// a frame that is torn, and the renderer's side copies each frame to the host, so that every word is looked
// at.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "engine/bridge/timeline_ring.h"
#include "engine/vk/frames.h"

namespace fl::testing {

// How a producer's queue writes and looks at a slot: both calls only queue, on the slot's stream. The words
// meant are those behind the header.
class WordWriter {
 public:
  virtual ~WordWriter() = default;
  // All words, and the header's first, become `word`.
  virtual void fill(const FrameSlot& slot, std::uint32_t word) = 0;
  // Words that are not `word` are counted as foreign.
  virtual void expect(const FrameSlot& slot, std::uint32_t word) = 0;
  // Foreign words so far; after the queue has finished.
  virtual std::uint64_t foreign() = 0;
};

// False where no slot is free.
bool publish_step(FrameRing& ring, WordWriter& writer, std::uint32_t step);

// Copies each acquired frame to the host, two copies in flight, as a window draws.
class RingReader {
 public:
  RingReader(Device& device, FrameRing& ring);

  // False before the first frame. Throws what the submission throws, the frame handed back.
  bool read();
  void finish();
  [[nodiscard]] std::uint64_t last() const { return last_; }
  // Reads so far of a frame that had not been read before; any thread may ask.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

  std::uint64_t frames = 0, torn = 0, backwards = 0;

 private:
  void check(std::uint32_t index);

  FrameRing& ring_;
  std::array<Buffer, FramesInFlight::kCount> copies_;
  FramesInFlight frames_;  // goes first, and waits for what still writes the copies
  std::array<std::optional<std::uint32_t>, FramesInFlight::kCount> waiting_;
  std::uint64_t last_ = 0;
  std::atomic<std::uint64_t> taken_ = 0;
};

// A producer's thread publishes `frames` frames as fast as there are slots, but for some pauses, while this
// thread reads. Returns the reader, for what else the caller wants of it.
std::unique_ptr<RingReader> publish_many(Device& device, FrameRing& ring, WordWriter& writer,
                                         std::uint32_t frames);

// Turn about on the ring's slots, below its protocol: the producer looks for what the renderer left in the
// slot, writes, signals `published`; the renderer waits for that, looks, writes its answer, signals
// `consumed`; the producer waits for that. Nobody's host waits for a round. `queue` is the ring's, and the
// timelines are at 0.
struct PingPong {
  std::uint64_t rounds = 0;  // completed by both
  std::uint64_t foreign =
      0;  // words that were wrong, as the renderer saw them; the producer's are the writer's
  std::uint64_t headers = 0;  // that did not come back as they were written
};
PingPong play_ping_pong(Device& device, const RingTimelines& timelines, TimelineRing& ring,
                        ProducerQueue& queue, WordWriter& writer, std::uint32_t rounds);

}  // namespace fl::testing
