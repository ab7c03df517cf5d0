#pragma once
// A device made of host memory, so that the CUDA backend's own code runs where there is no GPU. It is as lazy as
// a device may be: work is done when somebody waits for it, not when it is enqueued, so a missing wait shows. And
// it is as strict: to allocate or to wait while a graph is recorded, or to use a convolution that was not
// prepared, throws.

#include <cstddef>
#include <cstdint>
#include <functional>

namespace fl::cuda {
class Stream;
}

namespace fl::cuda::fake {

// Behind all that `stream` was given before; into the graph where one is being recorded.
void enqueue(const Stream& stream, std::function<void()> work);
// Throws where work is being recorded.
void refuse_while_recording(const char* what);

// Since the program began.
struct Counts {
  int enqueued = 0;         // pieces of work given by hand, recorded ones included
  int recordings = 0;       // graphs made
  int graph_launches = 0;
  int waits = 0;            // synchronize()
  int device_allocations = 0;
  std::int64_t executed = 0;  // pieces of work done; a graph's nodes among them
  std::int64_t images = 0;    // whose losses were computed, those that a pass has too many included
};
Counts& counts();
// Makes every call fail from the `n`-th wait on, as a device that is lost does; 0: never.
void lose_device_after(int waits);
// Makes recording a graph fail from now on, as a library does that must not be recorded.
void refuse_recordings(bool refuse);

// Bits of mantissa to which the operands of products are rounded: 23 as a float's, fewer from the environment's
// FALLLINE_FAKE_OPERAND_BITS. What a device's sums in another order change is like 17 to 20 bits; TF32 has 10.
int operand_bits();
inline constexpr int kTf32Bits = 10;

}  // namespace fl::cuda::fake
