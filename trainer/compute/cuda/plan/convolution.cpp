// All that the project asks of cuDNN. The classic calls rather than its graphs: they are marked deprecated but
// ship, and need no front end; the choice stays in this file.
#include "trainer/compute/cuda/plan/convolution.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include <cudnn.h>
#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/cuda_check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/places.h"
#include "trainer/compute/kernels/pointwise_kernels.h"

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
  static constexpr auto kRun = cudnnConvolutionForward;
};

struct BackwardWeights {
  using Algorithm = cudnnConvolutionBwdFilterAlgo_t;
  using Candidate = cudnnConvolutionBwdFilterAlgoPerf_t;
  static constexpr const char* kName = "gradient of the weights";
  static constexpr auto kGuess = cudnnGetConvolutionBackwardFilterAlgorithm_v7;
  static constexpr auto kMeasure = cudnnFindConvolutionBackwardFilterAlgorithm;
  static constexpr auto kWorkspace = cudnnGetConvolutionBackwardFilterWorkspaceSize;
  static constexpr auto kRun = cudnnConvolutionBackwardFilter;
};

struct BackwardInput {
  using Algorithm = cudnnConvolutionBwdDataAlgo_t;
  using Candidate = cudnnConvolutionBwdDataAlgoPerf_t;
  static constexpr const char* kName = "gradient of the input";
  static constexpr auto kGuess = cudnnGetConvolutionBackwardDataAlgorithm_v7;
  static constexpr auto kMeasure = cudnnFindConvolutionBackwardDataAlgorithm;
  static constexpr auto kWorkspace = cudnnGetConvolutionBackwardDataWorkspaceSize;
  static constexpr auto kRun = cudnnConvolutionBackwardData;
};

// What was chosen for one direction: its own descriptor, because the kind of arithmetic is part of it.
template <typename Direction>
struct Choice {
  ConvolutionDescriptor convolution;
  typename Direction::Algorithm algorithm{};
  std::size_t workspace = 0;
  bool made = false;
};

// A tensor as cuDNN's calls take it.
template <typename D, typename T>
struct Operand {
  D descriptor;
  DevicePtr<T> values;
};

template <typename D>
auto read(const D& descriptor, DevicePtr<const float> values) {
  return Operand<decltype(descriptor.get()), const float>{descriptor.get(), values};
}
template <typename D>
auto written(const D& descriptor, DevicePtr<float> values) {
  return Operand<decltype(descriptor.get()), float>{descriptor.get(), values};
}

// The three directions take their tensors in different roles but in the same places: two that are read, one that is
// written as old * beta + new.
template <typename Direction, typename A, typename B, typename C>
cudnnStatus_t convolve(cudnnHandle_t handle, const Choice<Direction>& choice,
                       const Operand<A, const float>& first, const Operand<B, const float>& second,
                       const float* beta, const Operand<C, float>& out, DevicePtr<void> workspace) {
  return Direction::kRun(handle, &kOne, first.descriptor, first.values.get(), second.descriptor,
                         second.values.get(), choice.convolution.get(), choice.algorithm, workspace.get(),
                         choice.workspace, beta, out.descriptor, out.values.get());
}

// What cuDNN answers for an algorithm that cannot do this after all, or not with the memory there is. Another may.
bool is_refusal(cudnnStatus_t status) {
  return CUDNN_STATUS_CATEGORY(status) == CUDNN_STATUS_NOT_SUPPORTED ||
         status == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ||
         status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
}

std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

std::size_t input_floats(const ConvolutionShape& s) {
  return size(s.batch) * size(s.in_channels) * size(s.in_height) * size(s.in_width);
}

// Where one shape is tried out: its tensors, all zero.
struct TrialMemory {
  DeviceArray<float> input, weights, output;
  explicit TrialMemory(const ConvolutionShape& s)
      : input(input_floats(s)),
        weights(size(s.out_channels) * size(s.in_channels / s.groups) * size(s.kernel) * size(s.kernel)),
        output(size(s.batch) * size(s.out_channels) * size(s.out_height) * size(s.out_width)) {}
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
    // Where the chosen algorithm does not add to what is there: the workspace's places, the second of which
    // is for a gradient of its own, which is added afterwards.
    struct Apart {
      Places places;
      std::size_t scratch = 0, gradient = 0;  // in bytes; in floats
    };
    std::optional<Apart> apart;

    [[nodiscard]] std::size_t workspace() const {
      return std::max({forward.workspace, backward_weights.workspace, backward_input.workspace,
                       apart ? apart->places.bytes() : 0});
    }
  };

  const Stream& stream;
  MathOptions options;
  cudnnHandle_t handle = nullptr;
  std::map<ConvolutionShape, Prepared> prepared;

  State(const Stream& queue, const MathOptions& wanted) : stream(queue), options(wanted) {
    CUDNN_CHECK(cudnnCreate(&handle));
  }
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

  // The first of cuDNN's candidates, sorted by time, that keeps to the options and works: some are refused only when
  // their workspace is asked for, or when they run. Measuring picks what is fastest today, which another run may see
  // differently: it is not for runs that must repeat to the bit.
  template <typename Direction, typename A, typename B, typename C>
  void choose(Choice<Direction>& choice, const Operand<A, const float>& first, const Operand<B, const float>& second,
              const Operand<C, float>& out) const {
    std::array<typename Direction::Candidate, 16> found{};
    int count = 0;
    const auto search = options.deterministic ? Direction::kGuess : Direction::kMeasure;
    const auto convolution = choice.convolution.get();
    CUDNN_CHECK(search(handle, first.descriptor, second.descriptor, convolution, out.descriptor,
                       static_cast<int>(found.size()), &count, found.data()));
    for (const auto& c : std::span(found).first(static_cast<std::size_t>(count))) {
      if (!allowed(options, c.status, c.memory, c.determinism, c.mathType)) continue;
      // With TF32 an algorithm that needs no tensor cores runs as well under the default.
      if (options.tf32)
        CUDNN_CHECK(cudnnSetConvolutionMathType(
            convolution, c.mathType == CUDNN_FMA_MATH ? CUDNN_DEFAULT_MATH : c.mathType));
      choice.algorithm = c.algo;
      const cudnnStatus_t status = try_out(choice, first, second, out);
      if (status == CUDNN_STATUS_SUCCESS) {
        choice.made = true;
        return;
      }
      if (!is_refusal(status)) CUDNN_CHECK(status);
    }
    throw CudaError(fmt::format("cuDNN has no {} for a convolution within {} MiB of workspace{}.", Direction::kName,
                                options.workspace_bytes >> 20, options.deterministic ? " that is deterministic" : ""));
  }

  // Asks for the workspace and runs once.
  template <typename Direction, typename A, typename B, typename C>
  cudnnStatus_t try_out(Choice<Direction>& choice, const Operand<A, const float>& first,
                        const Operand<B, const float>& second, const Operand<C, float>& out) const {
    cudnnStatus_t status = Direction::kWorkspace(handle, first.descriptor, second.descriptor, choice.convolution.get(),
                                                 out.descriptor, choice.algorithm, &choice.workspace);
    if (status != CUDNN_STATUS_SUCCESS) return status;
    if (choice.workspace > options.workspace_bytes) return CUDNN_STATUS_NOT_SUPPORTED;
    const DeviceArray<std::byte> workspace(choice.workspace);
    status = convolve(handle, choice, first, second, &kZero, out, workspace.data());
    if (status == CUDNN_STATUS_SUCCESS) stream.synchronize();
    return status;
  }

  // Whether the chosen algorithm adds to what is there. Few programs ask that of cuDNN, so it is seen, not believed:
  // the gradient of nothing leaves what was there.
  [[nodiscard]] bool accumulates(const Prepared& p, const TrialMemory& trial) const {
    const DeviceArray<std::byte> workspace(p.backward_input.workspace);
    std::vector<float> before(std::min<std::size_t>(trial.input.size(), 1024), 0.75f), after(before.size());
    upload(stream, trial.input.data(), before.data(), before.size() * sizeof(float));
    const cudnnStatus_t status =
        convolve(handle, p.backward_input, read(p.weights, trial.weights.data()), read(p.output, trial.output.data()),
                 &kOne, written(p.input, trial.input.data()), workspace.data());
    if (is_refusal(status)) return false;
    CUDNN_CHECK(status);
    download(stream, after.data(), trial.input.data(), after.size() * sizeof(float));
    return after == before;
  }
};

Convolutions::Convolutions(const Stream& stream, const MathOptions& options)
    : state_(std::make_unique<State>(stream, options)) {
  CUDNN_CHECK(cudnnSetStream(state_->handle, static_cast<cudaStream_t>(stream.handle())));
}

Convolutions::~Convolutions() = default;

std::size_t Convolutions::prepare(const ConvolutionShape& shape, bool training) {
  const auto [at, fresh] = state_->prepared.try_emplace(shape);
  State::Prepared& p = at->second;
  if (fresh) state_->describe(shape, p);
  const bool backward = training && !p.backward_input.made;
  if (p.forward.made && !backward) return p.workspace();
  const TrialMemory trial(shape);
  const DevicePtr<float> input = trial.input.data(), weights = trial.weights.data(),
                         output = trial.output.data();
  if (!p.forward.made) state_->choose(p.forward, read(p.input, input), read(p.weights, weights), written(p.output, output));
  if (backward) {
    state_->choose(p.backward_weights, read(p.input, input), read(p.output, output), written(p.weights, weights));
    state_->choose(p.backward_input, read(p.weights, weights), read(p.output, output), written(p.input, input));
    if (!state_->accumulates(p, trial)) {
      p.apart.emplace();
      p.apart->scratch =
          p.apart->places.add<std::byte>("a convolution's workspace", p.backward_input.workspace);
      p.apart->gradient = p.apart->places.add<float>("a convolution's own gradient", input_floats(shape));
    }
  }
  return p.workspace();
}

void Convolutions::forward(const ConvolutionShape& shape, DevicePtr<const float> input,
                           DevicePtr<const float> weights, DevicePtr<float> output,
                           DevicePtr<void> workspace) {
  const State::Prepared& p = state_->find(shape);
  CUDNN_CHECK(convolve(state_->handle, p.forward, read(p.input, input), read(p.weights, weights), &kZero,
                       written(p.output, output), workspace));
}

void Convolutions::backward_weights(const ConvolutionShape& shape, DevicePtr<const float> input,
                                    DevicePtr<const float> gradient, DevicePtr<float> weight_gradient,
                                    DevicePtr<void> workspace) {
  const State::Prepared& p = state_->find(shape);
  CUDNN_CHECK(convolve(state_->handle, p.backward_weights, read(p.input, input), read(p.output, gradient), &kZero,
                       written(p.weights, weight_gradient), workspace));
}

void Convolutions::backward_input(const ConvolutionShape& shape, DevicePtr<const float> weights,
                                  DevicePtr<const float> gradient, DevicePtr<float> input_gradient,
                                  bool accumulate, DevicePtr<void> workspace) {
  const State::Prepared& p = state_->find(shape);
  const bool apart = accumulate && p.apart;
  if (apart) p.apart->places.watch(state_->stream, workspace);
  const DevicePtr<float> out = apart ? workspace.as<float>() + p.apart->gradient : input_gradient;
  const DevicePtr<std::byte> scratch = workspace.as<std::byte>() + (apart ? p.apart->scratch : 0);
  CUDNN_CHECK(convolve(state_->handle, p.backward_input, read(p.weights, weights), read(p.output, gradient),
                       accumulate && !apart ? &kOne : &kZero, written(p.input, out), scratch));
  if (!apart) return;
  run(state_->stream, input_floats(shape),
      kernels::UndoActivation{out.get(), out.get(), input_gradient.get(), kernels::Activation::kNone, true});
  watch_gaps(state_->stream, workspace, {});  // the next convolution's workspace is laid out otherwise
}

}  // namespace fl::cuda
