#pragma once
// CUDA calls checked: what fails becomes a sentence that names call and code.

#include <string>

#include <cuda_runtime_api.h>

#include "trainer/base/result.h"

namespace fl {

inline Result<void> cuda_result(cudaError_t code, const char* call) {
  if (code == cudaSuccess) return {};
  return error("{} returned {} ({})", call, cudaGetErrorName(code), cudaGetErrorString(code));
}

}  // namespace fl

// Returns from the function around it with the error.
#define FL_CUDA_TRY(expression)                                                                \
  do {                                                                                         \
    if (auto cuda_try_result = ::fl::cuda_result((expression), #expression); !cuda_try_result) \
      return cuda_try_result.error();                                                          \
  } while (false)
