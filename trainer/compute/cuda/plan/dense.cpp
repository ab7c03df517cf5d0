#include "trainer/compute/cuda/plan/dense.h"

#include <cublas_v2.h>

#include "trainer/compute/cuda/cuda_check.h"

namespace fl::cuda {
namespace {

// What cuBLAS asks for on the newest devices. Its own would be allocated for each stream and is not allowed
// to be while a graph is captured.
constexpr std::size_t kWorkspace = std::size_t{32} << 20;

void check(cublasStatus_t status, const char* file, int line, const char* expression) {
  if (status == CUBLAS_STATUS_SUCCESS) [[likely]]
    return;
  throw_cuda_error(file, line, expression, cublasGetStatusName(status), cublasGetStatusString(status));
}
#define CUBLAS_CHECK(call) check(call, __FILE__, __LINE__, #call)

}  // namespace

struct DenseProducts::State {
  cublasHandle_t handle = nullptr;
  DeviceArray<std::byte> workspace{kWorkspace};

  State() { CUBLAS_CHECK(cublasCreate(&handle)); }
  ~State() { cublasDestroy(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Column-major, as cuBLAS sees it: c[m][n] = op(a)[m][k] op(b)[k][n] + beta c.
  void product(cublasOperation_t op_a, cublasOperation_t op_b, int m, int n, int k, DevicePtr<const float> a,
               int lda, DevicePtr<const float> b, int ldb, float beta, DevicePtr<float> c, int ldc) {
    constexpr float kOne = 1;
    CUBLAS_CHECK(
        cublasSgemm(handle, op_a, op_b, m, n, k, &kOne, a.get(), lda, b.get(), ldb, &beta, c.get(), ldc));
  }
};

DenseProducts::DenseProducts(const Stream& stream, const MathOptions& options) : state_(std::make_unique<State>()) {
  CUBLAS_CHECK(cublasSetStream(state_->handle, static_cast<cudaStream_t>(stream.handle())));
  // After cublasSetStream, which would take its own again.
  CUBLAS_CHECK(cublasSetWorkspace(state_->handle, state_->workspace.data().get(), state_->workspace.bytes()));
  CUBLAS_CHECK(cublasSetMathMode(state_->handle, options.tf32 ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_PEDANTIC_MATH));
}

DenseProducts::~DenseProducts() = default;

// A row-major matrix is the transpose of the column-major one in the same memory.
void DenseProducts::forward(const DenseShape& s, DevicePtr<const float> input, DevicePtr<const float> weights,
                            DevicePtr<float> output) {
  state_->product(CUBLAS_OP_T, CUBLAS_OP_N, s.out, s.batch, s.in, weights, s.in, input, s.in, 0, output, s.out);
}

void DenseProducts::backward_weights(const DenseShape& s, DevicePtr<const float> input,
                                     DevicePtr<const float> gradient, DevicePtr<float> weight_gradient) {
  state_->product(CUBLAS_OP_N, CUBLAS_OP_T, s.in, s.out, s.batch, input, s.in, gradient, s.out, 0, weight_gradient,
                  s.in);
}

void DenseProducts::backward_input(const DenseShape& s, DevicePtr<const float> weights,
                                   DevicePtr<const float> gradient, DevicePtr<float> input_gradient,
                                   bool accumulate) {
  state_->product(CUBLAS_OP_N, CUBLAS_OP_N, s.in, s.batch, s.out, weights, s.in, gradient, s.out, accumulate ? 1.0f : 0.0f,
                  input_gradient, s.in);
}

}  // namespace fl::cuda
