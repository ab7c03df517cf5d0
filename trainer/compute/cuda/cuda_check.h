#pragma once
// CUDA_CHECK and its like: every call to NVIDIA's libraries goes through one of them.

#include "trainer/compute/cuda/device.h"

namespace fl::cuda {

// "trainer/...:12: cudaMalloc(...) failed: cudaErrorMemoryAllocation (out of memory)"
[[noreturn]] void throw_cuda_error(const char* file, int line, const char* expression, const char* name,
                                   const char* description);
// The runtime's own calls; `code` is a cudaError_t.
void check_cuda(int code, const char* file, int line, const char* expression);
// After a kernel launch.
void check_launch(const char* file, int line);

}  // namespace fl::cuda

#define CUDA_CHECK(call) ::fl::cuda::check_cuda(call, __FILE__, __LINE__, #call)
