#include <stdexcept>
#include <string>

#include "tests/gpu/probe.h"

namespace fl::cuda {

// In the namespace of the module's kernels: what filters those by name is to find this one.
__global__ void count_up(std::uint32_t* words, std::size_t count) {
  const std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < count) words[i] = static_cast<std::uint32_t>(i);
}

}  // namespace fl::cuda

namespace fl::test {
namespace {

void check(cudaError_t code, const char* what) {
  if (code != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorName(code));
}

}  // namespace

std::vector<std::uint32_t> count_on_device(std::size_t count, bool beyond) {
  constexpr unsigned kThreads = 128;
  std::vector<std::uint32_t> result(count, 0xffffffffu);
  std::uint32_t* words = nullptr;
  check(cudaMalloc(&words, count * sizeof(*words)), "cudaMalloc");
  const std::size_t written = count + (beyond ? 1 : 0);
  cuda::count_up<<<static_cast<unsigned>((written + kThreads - 1) / kThreads), kThreads>>>(words, written);
  check(cudaGetLastError(), "the launch");
  check(cudaMemcpy(result.data(), words, count * sizeof(*words), cudaMemcpyDeviceToHost), "the kernel");
  check(cudaFree(words), "cudaFree");
  return result;
}

}  // namespace fl::test
