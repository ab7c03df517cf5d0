// cuBLAS: the one product, column-major as there.
#include <set>
#include <vector>

#include <cublas_v2.h>

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/fake_device/gap_watch.h"
#include "tests/support/fake_device/products.h"
#include "tests/support/mock_cuda/mock_cuda.h"

struct cublasContext {
  cudaStream_t stream = nullptr;
  void* workspace = nullptr;
  std::size_t workspace_bytes = 0;
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
};

namespace {

std::set<cublasHandle_t>& handles() {
  static std::set<cublasHandle_t> all;
  return all;
}

std::size_t at(int row, int column, int leading) {
  return static_cast<std::size_t>(column) * static_cast<std::size_t>(leading) + static_cast<std::size_t>(row);
}

// Floats from the first to the last of a matrix.
std::size_t extent(int rows, int columns, int leading) {
  return at(rows - 1, columns - 1, leading) + 1;
}

}  // namespace

using namespace fl::mock;

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  *handle = new cublasContext;
  handles().insert(*handle);
  count_handles(1);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  if (handles().erase(handle) == 0) violation("cublasDestroy of what is not there");
  else delete handle;
  count_handles(-1);
  return CUBLAS_STATUS_SUCCESS;
}
const char* cublasGetStatusName(cublasStatus_t) {
  return "CUBLAS_STATUS_OF_THE_MOCK";
}
const char* cublasGetStatusString(cublasStatus_t) {
  return "in the mock's words";
}
// Takes the library's own workspace again, as the real one does.
cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  if (!is_stream(stream)) violation("cublasSetStream to what is no stream");
  *handle = {stream, nullptr, 0, handle->math};
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes) {
  check_device_range(workspace, bytes, "cublasSetWorkspace");
  handle->workspace = workspace;
  handle->workspace_bytes = bytes;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  handle->math = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t op_a, cublasOperation_t op_b, int m, int n, int k,
                              const float* alpha, const float* a, int lda, const float* b, int ldb, const float* beta,
                              float* c, int ldc) {
  if (!handles().contains(handle)) {
    violation("cublasSgemm on a handle that is not there");
    return CUBLAS_STATUS_NOT_INITIALIZED;
  }
  if (handle->workspace == nullptr) violation("cublasSgemm in a workspace of the library's own");
  const bool turn_a = op_a != CUBLAS_OP_N, turn_b = op_b != CUBLAS_OP_N;
  const int rows_a = turn_a ? k : m, columns_a = turn_a ? m : k, rows_b = turn_b ? n : k, columns_b = turn_b ? k : n;
  if (m < 1 || n < 1 || k < 1 || lda < rows_a || ldb < rows_b || ldc < m || *alpha != 1 || (*beta != 0 && *beta != 1)) {
    violation("cublasSgemm with sizes that do not fit together");
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  check_device_range(a, extent(rows_a, columns_a, lda) * sizeof(float), "cublasSgemm's a");
  check_device_range(b, extent(rows_b, columns_b, ldb) * sizeof(float), "cublasSgemm's b");
  check_device_range(c, extent(m, n, ldc) * sizeof(float), "cublasSgemm's c");
  const int bits = handle->math == CUBLAS_TF32_TENSOR_OP_MATH ? fl::cuda::fake::kTf32Bits : 23;
  enqueue(handle->stream, [=, factor = static_cast<double>(*beta)] {
    namespace products = fl::cuda::fake;
    products::doing("A product");
    const auto left = products::operands(a, extent(rows_a, columns_a, lda), bits);
    const auto right = products::operands(b, extent(rows_b, columns_b, ldb), bits);
    for (int column = 0; column < n; ++column)
      for (int row = 0; row < m; ++row) {
        double sum = 0;
        for (int i = 0; i < k; ++i)
          sum += left[turn_a ? at(i, row, lda) : at(row, i, lda)] * right[turn_b ? at(column, i, ldb) : at(i, column, ldb)];
        float& to = c[at(row, column, ldc)];
        to = static_cast<float>(factor == 0 ? sum : factor * static_cast<double>(to) + sum);
      }
  });
  return CUBLAS_STATUS_SUCCESS;
}

}  // extern "C"
