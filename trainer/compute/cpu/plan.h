#pragma once
// One network compiled by oneDNN for one batch size: primitives, their memory and the order they run in.
// Convolutions choose their own blocked layouts. What follows a layer and costs a pass of its own is fused
// into it where oneDNN can: a ReLU into a convolution, a dense layer or a batch norm, a ReLU6 into the first
// two. A ReLU before a max pooling is undone after the pooling on the way back, where there is a quarter as
// much to undo (max(relu(x)) = relu(max(x))).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "trainer/net/param_layout.h"

namespace fl {

class Plan {
 public:
  enum class Mode {
    kTraining,     // batch statistics, dropout, backward
    kInference,    // running statistics
    kReestimated,  // evaluation with the batch's own statistics: for points of a landscape
  };

  Plan(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout, int batch, Mode mode);

  [[nodiscard]] int batch() const { return batch_; }
  // [batch][channels][height][width], to be filled before forward().
  [[nodiscard]] std::span<float> input() { return input_buffer_; }
  // [batch][classes]; valid after forward(), the caller's until the next.
  [[nodiscard]] std::span<float> logits() { return logits_buffer_; }
  // [batch][classes]; to be filled before backward().
  [[nodiscard]] std::span<float> logit_gradients() { return logit_gradient_buffer_; }

  // Dropout layers of a training plan: their masks, [batch][channels][height][width], to be filled with 0 or
  // 1 / (1 - rate) before forward().
  struct Mask {
    int layer = 0;
    std::vector<float> values;
  };
  [[nodiscard]] std::span<Mask> masks() { return masks_; }

  // Brings the arenas into this plan's layouts; they may go afterwards. `statistics` is read by inference,
  // and by norms that are frozen.
  void load(std::span<const float> params, std::span<const float> statistics);
  void forward();
  // Training mode only: writes every gradient of the arena of trained parameters; padding stays as it is.
  void backward(std::span<float> gradient_arena);
  // Training mode only: running = momentum * running + (1 - momentum) * batch, the variance unbiased, for
  // the batch of the last forward().
  void update_statistics(std::span<float> statistics) const;
  // The gradient of image 0 where the way back ends, planar; valid after backward(). Precondition: the layout
  // says where (ParamLayout::ends_at).
  void read_gradient(std::span<float> out);
  // Copies layer `layer`'s output of image 0, planar, into `out`. A fused ReLU and what it was fused into
  // share one output, the ReLU's.
  void read_output(int layer, std::span<float> out);

 private:
  using Memory = dnnl::memory;
  using Dims = dnnl::memory::dims;
  // A primitive with its arguments bound, or a kernel of ours; runs without allocating on our side.
  struct Call {
    dnnl::primitive primitive;
    std::vector<dnnl_exec_arg_t> arguments;
    std::function<void()> kernel;  // where there is one, in place of the primitive
  };
  using Arguments = std::vector<std::pair<int, Memory>>;

  // What a layer left behind: its output, and what its backward needs of its forward.
  struct Node {
    Memory value;
    Memory gradient;     // d loss / d value; complete when all readers have delivered
    bool fused = false;  // a ReLU done by the layer before
    dnnl::convolution_forward::primitive_desc convolution;
    dnnl::inner_product_forward::primitive_desc dense;
    dnnl::pooling_forward::primitive_desc pool;
    dnnl::batch_normalization_forward::primitive_desc norm;
    Memory weights, shift, workspace, mean, variance, mask;
    std::vector<std::uint8_t> chosen;           // of a max pooling of ours: see max_pool_2x2.h
    const ParamTensor* running_mean = nullptr;  // batch norm: where the arena of statistics keeps them
    const ParamTensor* running_variance = nullptr;
  };
  // Where a parameter tensor travels between an arena's plain layout and a primitive's own.
  struct Transfer {
    Memory arena_side;  // handle set at each use
    std::size_t offset = 0;
    Call call;
  };
  // A plain copy of what lies in a layout of its own.
  struct Reader {
    Call call;
    Memory plain;
  };

  // Each operation's primitives, forward and backward (plan_*.cpp).
#define FL_DECLARE(operation)      \
  void add_##operation(int layer); \
  void add_##operation##_backward(int layer);
  FL_LAYER_OPERATIONS(FL_DECLARE)
#undef FL_DECLARE
  struct Steps {
    void (Plan::*forward)(int layer);
    void (Plan::*backward)(int layer);
  };
  static const Steps& steps_of(LayerKind kind);

  [[nodiscard]] const LayerSpec& layer(int index) const {
    return spec_.layers[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] Node& node(int index) {
    return nodes_[static_cast<std::size_t>(index)];
  }
  // Whether anybody trained lies at or below layer `index`, or the way back ends there, so that its gradient
  // is wanted.
  [[nodiscard]] bool wanted(int index) const {
    return index == NetSpec::kImage ? layout_.ends_at == index
                                    : layout_.differentiated[static_cast<std::size_t>(index)];
  }
  // d loss / d what it gives.
  [[nodiscard]] Memory& gradient_of(int index) {
    return index == NetSpec::kImage ? image_gradient_ : node(index).gradient;
  }
  [[nodiscard]] int source(int index) const {
    return spec_.sources(index).front();
  }
  [[nodiscard]] Memory value_of(int index) const;
  [[nodiscard]] TensorShape shape_of(int index) const;
  [[nodiscard]] Dims dims_of(int index) const;
  [[nodiscard]] dnnl::prop_kind forward_kind() const;
  // The only reader of `index`, if it is of this kind; else -1.
  [[nodiscard]] int sole_reader(int index, LayerKind kind) const;
  // Whether max pooling `index` undoes the ReLU below it, too.
  [[nodiscard]] bool undoes_relu(int index) const;
  // Does an activation behind `index` within `index` itself: true if there is one of this kind.
  bool fuse(int index, LayerKind activation);
  // The same of either kind: which one, if there is one.
  std::optional<LayerKind> fuse_activation(int index);
  [[nodiscard]] const ParamTensor& tensor(int index, const char* suffix) const;

  // `value` itself, or a reordered copy that a call in `calls` makes first.
  Memory in_layout(const Memory& value, const Memory::desc& desc, std::vector<Call>& calls);
  [[nodiscard]] Reader make_reader(const Memory& value);
  Call make_call(const dnnl::primitive& primitive, const Arguments& arguments,
                 const Memory::desc& scratchpad = {});
  // A parameter as the primitive wants it, brought there by load(); `from_statistics`: which arena.
  Memory parameter(const ParamTensor& tensor, const Dims& dims, const Memory::desc& wanted,
                   bool from_statistics = false);
  // `known`, a parameter that load() brings in the layout of the way forward, or the same in another one.
  Memory also_as(const Memory& known, const ParamTensor& tensor, const Dims& dims,
                 const Memory::desc& wanted);
  // Where backward() brings a computed gradient.
  void gradient(const ParamTensor& tensor, const Dims& dims, const Memory& computed);
  // Adds to the gradient of layer `index`; nothing where it is not wanted.
  void deliver(int index, const Memory& value);
  // gradient *= (value > 0), or the like for ReLU6: undone from the output, in place.
  Memory undo_activation(LayerKind kind, const Memory& value, const Memory& gradient);
  // The gradient of the first layer's weights by a kernel of ours, where that suits layer `index` and oneDNN
  // has none; `wanted`: the layout in which oneDNN would read the gradient of its output.
  bool add_image_weights(int index, const Memory::desc& wanted);
  // A convolution by a kernel of ours, where that suits layer `index` and the layout of its input.
  bool add_winograd(int index);
  // Max pooling by a kernel of ours, where layer `index` and the layout of its input suit it.
  bool add_max_pool_2x2(int index);
  void run(std::span<const Call> calls);
  void transfer(std::vector<Transfer>& transfers, float* arena);
  void share_scratchpad();

  const NetSpec& spec_;
  const ParamLayout& layout_;
  std::vector<TensorShape> shapes_;
  int batch_;
  Mode mode_;
  dnnl::engine engine_;
  dnnl::stream stream_;

  std::vector<float> input_buffer_, logits_buffer_, logit_gradient_buffer_;
  std::vector<Mask> masks_;
  Memory input_, image_gradient_;
  std::vector<Node> nodes_;
  std::vector<Call> forward_calls_, backward_calls_;
  std::vector<Transfer> load_params_, load_statistics_, store_;
  // For read_output() and read_gradient(), made when first asked for.
  std::map<int, Reader> readers_;
  std::optional<Reader> gradient_reader_;
  std::vector<Memory> kept_;         // calls hold bare handles: this keeps their memory alive
  std::vector<Memory> scratchpads_;  // all share scratch_: one call runs at a time
  Memory scratch_;
};

}  // namespace fl
