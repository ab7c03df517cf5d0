#pragma once
// A backend for many small runs at once, which differ in numbers only: starting weights, seed, rate, the
// order of images. The runs go in parallel, not the work inside one: each thread takes one run at a time
// through whole steps, so that nobody waits within a step, and every run uses images and plans that are near
// the core already. What a run computes does not depend on those beside it.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "trainer/compute/backend.h"

namespace fl {

struct GroupOptions {
  int threads = 0;  // that work at once; 0: one a core
  // In so many shares a training batch is computed and summed: the bytes of a run are those of one that is
  // trained alone with as many threads (train.threads).
  int shares = 1;
  // Programs of one network that live at once and have their parameters in one arena; 0: any number, each
  // with memory of its own.
  std::size_t in_arena = 0;
};

class GroupBackend : public Backend {
 public:
  // work(0) to work(count - 1), on all threads, each when one is free. A program may be used by one of them
  // at a time. Throws what one of them has thrown, after the others are done.
  virtual void each(std::size_t count, const std::function<void(std::size_t)>& work) = 0;
  // The arena of the network that was compiled last, [program][arena_stride()]: programs in the order in
  // which they were compiled, each with its layout().all_floats. Empty before, and where there is none.
  [[nodiscard]] virtual std::span<const float> arena() const = 0;
  [[nodiscard]] virtual std::size_t arena_stride() const = 0;
};

// From any thread, programs are compiled by it and live and end side by side. Errors: as make_cpu_backend.
Result<std::unique_ptr<GroupBackend>> make_cpu_group(const GroupOptions& options);

}  // namespace fl
