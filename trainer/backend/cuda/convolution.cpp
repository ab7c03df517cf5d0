// All that the project asks of cuDNN. The classic calls rather than its graphs: they are marked deprecated but
// ship, and need no front end; the choice stays in this file.
#include "trainer/backend/cuda/convolution.h"

#include <array>
#include <map>
#include <span>

#include <cudnn.h>
#include <fmt/format.h>

#include "trainer/backend/cuda/cuda_check.h"
#include "trainer/base/check.h"

namespace fl::cuda {
namespace {

void check(cudnnStatus_t status, const char* file, int line, const char* expression) {
  if (status == CUDNN_STATUS_SUCCESS) [[likely]]
    return;
  std::array<char, 512> detail{};
  cudnnGetLastErrorString(detail.data(), detail.size());
  throw_cuda_error(file, line, expression, cudnnGetErrorString(status), detail.data());
}
#define CUDNN_CHECK(call) check(call, __FILE__, __LINE__, #call)

// A cuDNN descriptor with its create and destroy calls.
template <typename T, auto kCreate, auto kDestroy>
class Descriptor {
 public:
  Descriptor() { CUDNN_CHECK(kCreate(&handle_)); }
  ~Descriptor() { kDestroy(handle_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] T get() const { return handle_; }

 private:
  T handle_ = nullptr;
};

using TensorDescriptor =
    Descriptor<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor>;
using FilterDescriptor =
    Descriptor<cudnnFilterDescriptor_t, cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor>;
using ConvolutionDescriptor =
    Descriptor<cudnnConvolutionDescriptor_t, cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor>;

constexpr float kOne = 1, kZero = 0;

// The three directions of a convolution differ in names only.
struct Forward {
  using Algorithm = cudnnConvolutionFwdAlgo_t;
  using Candidate = cudnnConvolutionFwdAlgoPerf_t;
  static constexpr const char* kName = "forward pass";
  static constexpr auto kGuess = cudnnGetConvolutionForwardAlgorithm_v7;
  static constexpr auto kMeasure = cudnnFindConvolutionForwardAlgorithm;
  static constexpr auto kWorkspace = cudnnGetConvolutionForwardWorkspaceSize;
};

struct BackwardWeights {
  using Algorithm = cudnnConvolutionBwdFilterAlgo_t;
  using Candidate = cudnnConvolutionBwdFilterAlgoPerf_t;
  static constexpr const char* kName = "gradient of the weights";
  static constexpr auto kGuess = cudnnGetConvolutionBackwardFilterAlgorithm_v7;
  static constexpr auto kMeasure = cudnnFindConvolutionBackwardFilterAlgorithm;
  static constexpr auto kWorkspace = cudnnGetConvolutionBackwardFilterWorkspaceSize;
};

struct BackwardInput {
  using Algorithm = cudnnConvolutionBwdDataAlgo_t;
  using Candidate = cudnnConvolutionBwdDataAlgoPerf_t;
  static constexpr const char* kName = "gradient of the input";
  static constexpr auto kGuess = cudnnGetConvolutionBackwardDataAlgorithm_v7;
  static constexpr auto kMeasure = cudnnFindConvolutionBackwardDataAlgorithm;
  static constexpr auto kWorkspace = cudnnGetConvolutionBackwardDataWorkspaceSize;
};

// What was chosen for one direction: its own descriptor, because the kind of arithmetic is part of it.
template <typename Direction>
struct Choice {
  ConvolutionDescriptor convolution;
  typename Direction::Algorithm algorithm{};
  std::size_t workspace = 0;
  bool made = false;
};

bool allowed(const MathOptions& options, cudnnStatus_t status, std::size_t memory, cudnnDeterminism_t determinism,
             cudnnMathType_t math) {
  if (status != CUDNN_STATUS_SUCCESS || memory > options.workspace_bytes) return false;
  if (options.deterministic && determinism != CUDNN_DETERMINISTIC) return false;
  // Without TF32 only plain fused multiply-adds; never half precision.
  if (!options.tf32 && math == CUDNN_TENSOR_OP_MATH) return false;
  return math != CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
}

}  // namespace

struct Convolutions::State {
  struct Prepared {
    TensorDescriptor input, output;
    FilterDescriptor weights;
    Choice<Forward> forward;
    Choice<BackwardWeights> backward_weights;
    Choice<BackwardInput> backward_input;
  };

  MathOptions options;
  cudnnHandle_t handle = nullptr;
  std::map<ConvolutionShape, Prepared> prepared;

  explicit State(const MathOptions& wanted) : options(wanted) { CUDNN_CHECK(cudnnCreate(&handle)); }
  ~State() {
    prepared.clear();
    cudnnDestroy(handle);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Prepared& find(const ConvolutionShape& shape) {
    const auto found = prepared.find(shape);
    FL_CHECK(found != prepared.end());
    return found->second;
  }

  void describe(const ConvolutionShape& s, const Prepared& p) const {
    constexpr auto kFloat = CUDNN_DATA_FLOAT;
    constexpr auto kPlanar = CUDNN_TENSOR_NCHW;
    CUDNN_CHECK(cudnnSetTensor4dDescriptor(p.input.get(), kPlanar, kFloat, s.batch, s.in_channels, s.in_height,
                                           s.in_width));
    CUDNN_CHECK(cudnnSetTensor4dDescriptor(p.output.get(), kPlanar, kFloat, s.batch, s.out_channels, s.out_height,
                                           s.out_width));
    CUDNN_CHECK(cudnnSetFilter4dDescriptor(p.weights.get(), kFloat, kPlanar, s.out_channels,
                                           s.in_channels / s.groups, s.kernel, s.kernel));
    for (const auto convolution :
         {p.forward.convolution.get(), p.backward_weights.convolution.get(), p.backward_input.convolution.get()}) {
      CUDNN_CHECK(cudnnSetConvolution2dDescriptor(convolution, s.padding, s.padding, s.stride, s.stride, 1, 1,
                                                  CUDNN_CROSS_CORRELATION, kFloat));
      CUDNN_CHECK(cudnnSetConvolutionGroupCount(convolution, s.groups));
      // cuDNN's default computes floats in TF32; FMA forbids it.
      CUDNN_CHECK(cudnnSetConvolutionMathType(convolution, options.tf32 ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH));
    }
  }

  // `source`, `filter`, `target`: the three tensors in this direction's order. The first of cuDNN's candidates,
  // sorted by time, that keeps to the options. Measuring picks what is fastest today, which another run may see
  // differently: it is not for runs that must repeat to the bit.
  template <typename Direction, typename A, typename B, typename C>
  void choose(Choice<Direction>& choice, A source, B filter, C target) const {
    std::array<typename Direction::Candidate, 16> found{};
    int count = 0;
    const auto search = options.deterministic ? Direction::kGuess : Direction::kMeasure;
    const auto convolution = choice.convolution.get();
    CUDNN_CHECK(search(handle, source, filter, convolution, target, static_cast<int>(found.size()), &count, found.data()));
    for (const auto& c : std::span(found).first(static_cast<std::size_t>(count))) {
      if (!allowed(options, c.status, c.memory, c.determinism, c.mathType)) continue;
      if (options.tf32) CUDNN_CHECK(cudnnSetConvolutionMathType(convolution, c.mathType));
      choice.algorithm = c.algo;
      return;
    }
    throw CudaError(fmt::format("cuDNN has no {} for a convolution within {} MiB of workspace{}.", Direction::kName,
                                options.workspace_bytes >> 20, options.deterministic ? " that is deterministic" : ""));
  }
};

Convolutions::Convolutions(const Stream& stream, const MathOptions& options)
    : state_(std::make_unique<State>(options)) {
  CUDNN_CHECK(cudnnSetStream(state_->handle, static_cast<cudaStream_t>(stream.handle())));
}

Convolutions::~Convolutions() = default;

std::size_t Convolutions::prepare(const ConvolutionShape& shape, bool training) {
  const auto [at, fresh] = state_->prepared.try_emplace(shape);
  State::Prepared& p = at->second;
  if (fresh) state_->describe(shape, p);
  const cudnnHandle_t handle = state_->handle;
  const auto x = p.input.get(), y = p.output.get();
  const auto w = p.weights.get();
  if (!p.forward.made) {
    state_->choose(p.forward, x, w, y);
    CUDNN_CHECK(Forward::kWorkspace(handle, x, w, p.forward.convolution.get(), y, p.forward.algorithm,
                                    &p.forward.workspace));
    p.forward.made = true;
  }
  if (training && !p.backward_weights.made) {
    state_->choose(p.backward_weights, x, y, w);
    CUDNN_CHECK(BackwardWeights::kWorkspace(handle, x, y, p.backward_weights.convolution.get(), w,
                                            p.backward_weights.algorithm, &p.backward_weights.workspace));
    p.backward_weights.made = true;
    state_->choose(p.backward_input, w, y, x);
    CUDNN_CHECK(BackwardInput::kWorkspace(handle, w, y, p.backward_input.convolution.get(), x,
                                          p.backward_input.algorithm, &p.backward_input.workspace));
    p.backward_input.made = true;
  }
  return std::max({p.forward.workspace, p.backward_weights.workspace, p.backward_input.workspace});
}

void Convolutions::forward(const ConvolutionShape& shape, const float* input, const float* weights, float* output,
                           void* workspace) {
  const State::Prepared& p = state_->find(shape);
  CUDNN_CHECK(cudnnConvolutionForward(state_->handle, &kOne, p.input.get(), input, p.weights.get(), weights,
                                      p.forward.convolution.get(), p.forward.algorithm, workspace, p.forward.workspace,
                                      &kZero, p.output.get(), output));
}

void Convolutions::backward_weights(const ConvolutionShape& shape, const float* input, const float* gradient,
                                    float* weight_gradient, void* workspace) {
  const State::Prepared& p = state_->find(shape);
  const auto& choice = p.backward_weights;
  CUDNN_CHECK(cudnnConvolutionBackwardFilter(state_->handle, &kOne, p.input.get(), input, p.output.get(), gradient,
                                             choice.convolution.get(), choice.algorithm, workspace, choice.workspace,
                                             &kZero, p.weights.get(), weight_gradient));
}

void Convolutions::backward_input(const ConvolutionShape& shape, const float* weights, const float* gradient,
                                  float* input_gradient, bool accumulate, void* workspace) {
  const State::Prepared& p = state_->find(shape);
  const auto& choice = p.backward_input;
  CUDNN_CHECK(cudnnConvolutionBackwardData(state_->handle, &kOne, p.weights.get(), weights, p.output.get(), gradient,
                                           choice.convolution.get(), choice.algorithm, workspace, choice.workspace,
                                           accumulate ? &kOne : &kZero, p.input.get(), input_gradient));
}

}  // namespace fl::cuda
