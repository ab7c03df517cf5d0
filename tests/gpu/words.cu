#include <stdexcept>
#include <string>

#include "tests/gpu/words.h"

namespace fl::test {
namespace {

constexpr unsigned kThreads = 256;

__global__ void fill(std::uint32_t* words, std::size_t count, std::uint32_t word) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < count) words[i] = word;
}

__global__ void count_foreign(const std::uint32_t* words, std::size_t count, std::uint32_t word,
                              unsigned long long* foreign) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < count && words[i] != word) atomicAdd(foreign, 1ull);
}

unsigned blocks(std::size_t count) {
  return static_cast<unsigned>((count + kThreads - 1) / kThreads);
}

// Not the module's check: its copy of the runtime does not know of launches here.
void check_launch(const char* what) {
  if (const cudaError_t code = cudaGetLastError(); code != cudaSuccess)
    throw std::runtime_error(std::string(what) + ": " + cudaGetErrorName(code));
}

}  // namespace

void fill_words(void* stream, std::uint32_t* words, std::size_t count, std::uint32_t word) {
  fill<<<blocks(count), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(words, count, word);
  check_launch("fill_words");
}

void count_foreign_words(void* stream, const std::uint32_t* words, std::size_t count, std::uint32_t word,
                         unsigned long long* foreign) {
  count_foreign<<<blocks(count), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(words, count, word,
                                                                                   foreign);
  check_launch("count_foreign_words");
}

}  // namespace fl::test
