#pragma once
// A block of CUDA threads as threads of the host, so that parallel.h runs as it is: with barriers, memory that a block
// shares, and a sanitizer that sees a race. Blocks come one after the other. tests/numerics/CMakeLists.txt turns each
// launch into a call of launch().

#include <barrier>
#include <thread>
#include <vector>

using cudaStream_t = void*;

namespace fl::test {

struct Place {
  unsigned x = 0;
};
inline thread_local Place thread_place, block_place;
inline std::barrier<>* block_barrier = nullptr;

// `kernel` for every thread of every block.
template <typename F>
void launch(unsigned blocks, unsigned threads, cudaStream_t, const F& kernel) {
  std::barrier<> barrier(static_cast<std::ptrdiff_t>(threads));
  block_barrier = &barrier;
  std::vector<std::thread> all;
  for (unsigned t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      for (unsigned block = 0; block < blocks; ++block) {
        thread_place = {t};
        block_place = {block};
        kernel();
        barrier.arrive_and_wait();
      }
    });
  for (std::thread& thread : all) thread.join();
}

}  // namespace fl::test

#define __global__
#define __device__
#define __launch_bounds__(threads)
#define __shared__ static
#define __syncthreads() ::fl::test::block_barrier->arrive_and_wait()
#define threadIdx ::fl::test::thread_place
#define blockIdx ::fl::test::block_place
