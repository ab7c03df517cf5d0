// cuDNN's classic convolutions.
#include <cstring>
#include <set>

#include <cudnn.h>
#include <fmt/format.h>

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/fake_device/gap_watch.h"
#include "tests/support/fake_device/products.h"
#include "tests/support/mock_cuda/mock_cuda.h"

struct cudnnContext {
  cudaStream_t stream = nullptr;
};
struct cudnnTensorStruct {
  int n = 0, c = 0, h = 0, w = 0;
};
struct cudnnFilterStruct {
  int k = 0, c = 0, h = 0, w = 0;
};
struct cudnnConvolutionStruct {
  int padding = 0, stride = 0, groups = 1;
  bool set = false;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;
};

namespace fl::mock {
namespace {

using cuda::ConvolutionShape;
using cuda::fake::Way;
namespace products = cuda::fake;

Stage refused_at = Stage::kNever;
bool adding_forgotten = false, everything_refused = false;
std::set<const void*> alive;

template <typename T>
cudnnStatus_t create(T** made) {
  *made = new T;
  alive.insert(*made);
  count_descriptors(1);
  return CUDNN_STATUS_SUCCESS;
}
template <typename T>
cudnnStatus_t destroy(T* object) {
  if (alive.erase(object) == 0) {
    violation("a descriptor of cuDNN is destroyed that is not there");
    return CUDNN_STATUS_BAD_PARAM;
  }
  count_descriptors(-1);
  delete object;
  return CUDNN_STATUS_SUCCESS;
}

// What one candidate is like; sorted as by time. Both plain ones keep to every option.
struct Kind {
  int algorithm;
  cudnnStatus_t status = CUDNN_STATUS_SUCCESS;
  std::size_t memory = 0;
  cudnnDeterminism_t determinism = CUDNN_DETERMINISTIC;
  cudnnMathType_t math = CUDNN_FMA_MATH;
};
constexpr int kTensorCores = 3, kPlain = 4, kSecondPlain = 5;
constexpr std::size_t workspace_of(int algorithm) {
  return 1000 + 100 * static_cast<std::size_t>(algorithm);
}
const Kind kKinds[] = {
    {.algorithm = 0, .memory = workspace_of(0), .determinism = CUDNN_NON_DETERMINISTIC},
    {.algorithm = 1, .status = CUDNN_STATUS_NOT_SUPPORTED},
    {.algorithm = 1, .memory = std::size_t{1} << 40},
    {.algorithm = 2, .memory = workspace_of(2), .math = CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION},
    {.algorithm = kTensorCores, .memory = workspace_of(kTensorCores), .math = CUDNN_TENSOR_OP_MATH},
    {.algorithm = kPlain, .memory = workspace_of(kPlain)},
    {.algorithm = kSecondPlain, .memory = workspace_of(kSecondPlain), .math = CUDNN_DEFAULT_MATH},
};

bool refused(int algorithm, Stage stage) {
  if (everything_refused && stage == Stage::kRun) return true;
  if (refused_at != stage || algorithm != kPlain) return false;
  count_refusal();
  return true;
}

// The shape that the descriptors tell; what does not fit together is misuse.
bool shape_of(cudnnHandle_t handle, const cudnnTensorStruct* x, const cudnnFilterStruct* w,
              const cudnnConvolutionStruct* convolution, const cudnnTensorStruct* y, ConvolutionShape& s) {
  for (const void* object : {static_cast<const void*>(handle), static_cast<const void*>(x), static_cast<const void*>(w),
                             static_cast<const void*>(convolution), static_cast<const void*>(y)})
    if (!alive.contains(object)) {
      violation("a call of cuDNN with a handle or descriptor that is not there");
      return false;
    }
  if (!is_stream(handle->stream)) violation("a call of cuDNN without a stream of its own");
  s = {.batch = x->n, .in_channels = x->c, .in_height = x->h, .in_width = x->w, .out_channels = y->c,
       .out_height = y->h, .out_width = y->w, .kernel = w->h, .stride = convolution->stride,
       .padding = convolution->padding, .groups = convolution->groups};
  const auto out = [&](int in) { return (in + 2 * s.padding - s.kernel) / s.stride + 1; };
  if (!convolution->set || x->n < 1 || y->n != x->n || w->k != y->c || w->c * s.groups != x->c || w->h != w->w ||
      y->c % s.groups != 0 || y->h != out(x->h) || y->w != out(x->w)) {
    violation("descriptors of cuDNN that do not fit together");
    return false;
  }
  return true;
}

template <typename Perf>
cudnnStatus_t candidates(const cudnnConvolutionStruct* convolution, int wanted, int* count, Perf* found) {
  *count = 0;
  for (const Kind& kind : kKinds) {
    if (*count == wanted) break;
    Perf& p = found[(*count)++];
    p = {};
    p.algo = static_cast<decltype(p.algo)>(kind.algorithm);
    p.status = kind.status;
    p.memory = kind.memory;
    p.determinism = kind.determinism;
    p.mathType = kind.math;
    // A descriptor that forbids tensor cores is offered none.
    if (convolution->math == CUDNN_FMA_MATH && kind.math == CUDNN_TENSOR_OP_MATH) p.status = CUDNN_STATUS_NOT_SUPPORTED;
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t workspace_size(int algorithm, std::size_t* bytes) {
  *bytes = 0;
  if (refused(algorithm, Stage::kWorkspace)) return CUDNN_STATUS_NOT_SUPPORTED_SHAPE;
  *bytes = workspace_of(algorithm);
  return CUDNN_STATUS_SUCCESS;
}

struct Call {
  Way way;
  const void *alpha, *first, *second;
  int algorithm;
  void* workspace;
  std::size_t workspace_bytes;
  const void* beta;
  void* out;
};

float scalar(const void* pointer) {
  return *static_cast<const float*>(pointer);
}

cudnnStatus_t run(cudnnHandle_t handle, const cudnnTensorStruct* x, const cudnnFilterStruct* w,
                  const cudnnConvolutionStruct* convolution, const cudnnTensorStruct* y, const Call& call) {
  ConvolutionShape s;
  if (!shape_of(handle, x, w, convolution, y, s)) return CUDNN_STATUS_BAD_PARAM;
  const float beta = scalar(call.beta);
  if (scalar(call.alpha) != 1 || (beta != 0 && (beta != 1 || call.way != Way::kInput)))
    violation("a convolution with factors that the program has no use for");
  if (refused(call.algorithm, Stage::kRun) || (beta != 0 && refused(call.algorithm, Stage::kAdd)))
    return CUDNN_STATUS_NOT_SUPPORTED_SUBLIBRARY_UNAVAILABLE;
  if (call.algorithm < kTensorCores && call.algorithm != 0) violation("an algorithm that no option allows");
  if (call.algorithm == kTensorCores && convolution->math == CUDNN_FMA_MATH) violation("tensor cores under FMA_MATH");
  if (call.workspace_bytes < workspace_of(call.algorithm)) violation("a workspace that is too small");
  check_device_range(call.workspace, call.workspace_bytes, "a convolution's workspace");
  const std::size_t in = products::in_floats(s), filter = products::weight_floats(s), above = products::out_floats(s);
  const auto check = [](const void* values, std::size_t floats, const char* what) {
    check_device_range(values, floats * sizeof(float), what);
  };
  check(call.first, call.way == Way::kInput ? filter : in, "a convolution's first operand");
  check(call.second, call.way == Way::kForward ? filter : above, "a convolution's second operand");
  check(call.out, call.way == Way::kForward ? above : call.way == Way::kWeights ? filter : in, "a convolution's result");
  const int bits = convolution->math == CUDNN_FMA_MATH ? 23 : products::kTf32Bits;
  enqueue(handle->stream, [s, call, bits, add = beta == 1 && !adding_forgotten] {
    cuda::fake::doing("A convolution");
    std::memset(call.workspace, 0xA5, workspace_of(call.algorithm));
    products::compute(s, call.way, static_cast<const float*>(call.first), static_cast<const float*>(call.second),
                      static_cast<float*>(call.out), add, bits);
  });
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace

void refuse_at(Stage stage) {
  refused_at = stage;
}
void forget_to_add(bool forget) {
  adding_forgotten = forget;
}
void refuse_all(bool refuse) {
  everything_refused = refuse;
}
bool captures_fail() {
  return refused_at == Stage::kRecord;
}

}  // namespace fl::mock

using namespace fl::mock;

extern "C" {

std::size_t cudnnGetVersion() {
  return CUDNN_VERSION;
}
const char* cudnnGetErrorString(cudnnStatus_t) {
  return "CUDNN_STATUS_OF_THE_MOCK";
}
void cudnnGetLastErrorString(char* text, std::size_t size) {
  std::strncpy(text, "in the mock's words", size);
}
cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
  *handle = new cudnnContext;
  alive.insert(*handle);
  count_handles(1);
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  if (alive.erase(handle) == 0) violation("cudnnDestroy of what is not there");
  else delete handle;
  count_handles(-1);
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* made) {
  return create(made);
}
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t object) {
  return destroy(object);
}
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* made) {
  return create(made);
}
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t object) {
  return destroy(object);
}
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* made) {
  return create(made);
}
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t object) {
  return destroy(object);
}
cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t t, cudnnTensorFormat_t format, cudnnDataType_t type,
                                         int n, int c, int h, int w) {
  if (format != CUDNN_TENSOR_NCHW || type != CUDNN_DATA_FLOAT) violation("a tensor that is not planar floats");
  *t = {n, c, h, w};
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t f, cudnnDataType_t type, cudnnTensorFormat_t format,
                                         int k, int c, int h, int w) {
  if (format != CUDNN_TENSOR_NCHW || type != CUDNN_DATA_FLOAT) violation("a filter that is not planar floats");
  *f = {k, c, h, w};
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t d, int pad_h, int pad_w, int u, int v,
                                              int dilation_h, int dilation_w, cudnnConvolutionMode_t mode,
                                              cudnnDataType_t type) {
  if (pad_h != pad_w || u != v || dilation_h != 1 || dilation_w != 1 || mode != CUDNN_CROSS_CORRELATION || type != CUDNN_DATA_FLOAT)
    violation("a convolution unlike the program's");
  *d = {pad_h, u, 1, true, CUDNN_DEFAULT_MATH};
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t d, int groups) {
  d->groups = groups;
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t d, cudnnMathType_t math) {
  d->math = math;
  return CUDNN_STATUS_SUCCESS;
}

// The three directions: their tensors in their own order.
#define FL_MOCK_SEARCH(NAME, PERF, FIRST, SECOND, OUT, X, W, Y)                                                      \
  cudnnStatus_t NAME(cudnnHandle_t handle, const FIRST first, const SECOND second,                                   \
                     const cudnnConvolutionDescriptor_t convolution, const OUT out, const int wanted, int* count,    \
                     PERF* found) {                                                                                  \
    ConvolutionShape s;                                                                                              \
    if (!shape_of(handle, X, W, convolution, Y, s)) return CUDNN_STATUS_BAD_PARAM;                                   \
    return candidates(convolution, wanted, count, found);                                                            \
  }
#define FL_MOCK_DIRECTION(RUN, WORKSPACE, GUESS, MEASURE, ALGO, PERF, WAY, FIRST, SECOND, OUT, X, W, Y)              \
  FL_MOCK_SEARCH(GUESS, PERF, FIRST, SECOND, OUT, X, W, Y)                                                           \
  FL_MOCK_SEARCH(MEASURE, PERF, FIRST, SECOND, OUT, X, W, Y)                                                         \
  cudnnStatus_t WORKSPACE(cudnnHandle_t handle, const FIRST first, const SECOND second,                              \
                          const cudnnConvolutionDescriptor_t convolution, const OUT out, ALGO algorithm,             \
                          std::size_t* bytes) {                                                                      \
    ConvolutionShape s;                                                                                              \
    if (!shape_of(handle, X, W, convolution, Y, s)) return CUDNN_STATUS_BAD_PARAM;                                   \
    return workspace_size(algorithm, bytes);                                                                         \
  }                                                                                                                  \
  cudnnStatus_t RUN(cudnnHandle_t handle, const void* alpha, const FIRST first, const void* a, const SECOND second,  \
                    const void* b, const cudnnConvolutionDescriptor_t convolution, ALGO algorithm, void* workspace,  \
                    std::size_t bytes, const void* beta, const OUT out, void* c) {                                   \
    return run(handle, X, W, convolution, Y, {WAY, alpha, a, b, algorithm, workspace, bytes, beta, c});              \
  }

FL_MOCK_DIRECTION(cudnnConvolutionForward, cudnnGetConvolutionForwardWorkspaceSize,
                  cudnnGetConvolutionForwardAlgorithm_v7, cudnnFindConvolutionForwardAlgorithm,
                  cudnnConvolutionFwdAlgo_t, cudnnConvolutionFwdAlgoPerf_t, Way::kForward, cudnnTensorDescriptor_t,
                  cudnnFilterDescriptor_t, cudnnTensorDescriptor_t, first, second, out)
FL_MOCK_DIRECTION(cudnnConvolutionBackwardFilter, cudnnGetConvolutionBackwardFilterWorkspaceSize,
                  cudnnGetConvolutionBackwardFilterAlgorithm_v7, cudnnFindConvolutionBackwardFilterAlgorithm,
                  cudnnConvolutionBwdFilterAlgo_t, cudnnConvolutionBwdFilterAlgoPerf_t, Way::kWeights,
                  cudnnTensorDescriptor_t, cudnnTensorDescriptor_t, cudnnFilterDescriptor_t, first, out, second)
FL_MOCK_DIRECTION(cudnnConvolutionBackwardData, cudnnGetConvolutionBackwardDataWorkspaceSize,
                  cudnnGetConvolutionBackwardDataAlgorithm_v7, cudnnFindConvolutionBackwardDataAlgorithm,
                  cudnnConvolutionBwdDataAlgo_t, cudnnConvolutionBwdDataAlgoPerf_t, Way::kInput,
                  cudnnFilterDescriptor_t, cudnnTensorDescriptor_t, cudnnTensorDescriptor_t, out, first, second)

}  // extern "C"
