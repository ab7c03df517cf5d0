#pragma once
// Who owns which slot of a ring whose two sides work on device queues, asynchronously: the host's half of the
// protocol over two timeline semaphores, both from 0.
//
//   published  raised by the producer to n when the n-th frame is complete
//   consumed   raised by the renderer to m when its m-th reading submission is done
//
// The producer gets a slot whose last read is done, so that its queue, which also trains, never waits for a
// picture; it writes, signals `published` and only then, if that call succeeded, announces the slot. The
// renderer takes the newest slot that `published` has reached, submits with a wait on that reached value and
// a signal of `consumed`, and notes the read only if the submission succeeded. So nothing is ever queued that
// waits for a signal not yet submitted, and values only rise.
//
// No call waits; a lock is held for a few comparisons. One producer thread, one renderer thread.

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>

#include "trainer/seam/frame.h"

namespace fl {

class TimelineExchange {
 public:
  // The values that the semaphores have: a ring that takes over another's semaphores goes on from there.
  explicit TimelineExchange(std::uint64_t published = 0, std::uint64_t consumed = 0)
      : signalled_(published), reached_(published), consumed_(consumed) {}

  // Producer. `reached` and `consumed`: what `published` and `consumed` are now. A slot that nobody reads or is
  // going to read, neither the newest announced nor the newest complete; among those the one whose last read is longest
  // ago. Nothing when there is none.
  struct Write {
    std::uint32_t slot = 0;
    // `consumed` has this value already; the queue, too, is to wait for it before the first write. 0: for nothing.
    std::uint64_t wait_consumed = 0;
    std::uint64_t number = 0;         // `published` is to be raised to this
  };
  std::optional<Write> begin_write(std::uint64_t reached, std::uint64_t consumed);
  // The call that signals write.number succeeded.
  void announce(const Write& write);
  // It did not, or was never made: the slot's content is void, the number is used again.
  void discard(const Write& write);
  // Of the newest announced frame, reached or not.
  [[nodiscard]] std::uint64_t announced() const;

  // Renderer. `reached` as above. Numbers never fall between two calls.
  struct Read {
    std::uint32_t slot = 0;
    std::uint64_t number = 0;
  };
  std::optional<Read> acquire(std::uint64_t reached);
  // What `consumed` is to be raised to by the next submission; the same again until one succeeded.
  [[nodiscard]] std::uint64_t next_consumed() const;
  // The submission succeeded, which signals next_consumed(), or there was none.
  void submitted(std::uint32_t slot);
  void abandoned(std::uint32_t slot);

 private:
  struct Slot {
    std::uint64_t number = 0;     // of the frame in it, 0: void or being written
    std::uint64_t last_read = 0;  // value of `consumed` after which nobody reads it
    int readers = 0;              // acquired, not yet submitted
    bool writing = false;
  };
  [[nodiscard]] std::optional<std::uint32_t> newest_reached() const;

  mutable std::mutex mutex_;
  std::array<Slot, kFrameSlots> slots_;
  std::uint64_t signalled_;  // the last announced number
  std::uint64_t reached_;    // the largest value of `published` that either side has seen
  std::uint64_t consumed_;   // the last submitted value
};

}  // namespace fl
