#pragma once
// One network compiled by oneDNN for one batch size: primitives, their memory and the order they run in.
// Convolutions choose their own blocked layouts; a ReLU after a convolution is fused into it; a ReLU before
// a max pooling is undone after the pooling on the way back, where there is a quarter as much to undo
// (max(relu(x)) = relu(max(x))).

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "trainer/net/param_layout.h"

namespace fl {

class Plan {
 public:
  enum class Mode { kTraining, kInference };

  Plan(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout, int batch, Mode mode);

  [[nodiscard]] int batch() const { return batch_; }
  // [batch][channels][height][width], to be filled before forward().
  [[nodiscard]] std::span<float> input() { return input_buffer_; }
  // [batch][classes]; valid after forward().
  [[nodiscard]] std::span<const float> logits() const { return logits_buffer_; }
  // [batch][classes]; to be filled before backward().
  [[nodiscard]] std::span<float> logit_gradients() { return logit_gradient_buffer_; }

  // Brings the arena's weights into this plan's layouts. The biases are copied too, so the arena may go.
  void load_params(std::span<const float> arena);
  void forward();
  // Training mode only: writes every gradient of the arena; padding stays as it is.
  void backward(std::span<float> gradient_arena);
  // Copies layer `layer`'s output of image 0, planar, into `out`. A fused ReLU and its convolution share one.
  void read_output(int layer, std::span<float> out);

 private:
  // A primitive with its arguments bound; runs without allocating on our side.
  struct Call {
    dnnl::primitive primitive;
    std::vector<dnnl_exec_arg_t> arguments;
  };
  using Arguments = std::vector<std::pair<int, dnnl::memory>>;

  struct Node {             // what a layer left behind
    dnnl::memory value;     // its output
    dnnl::memory gradient;  // d loss / d output; training only
    int source = -1;        // producing layer, -1: the input
    bool fused = false;     // a ReLU done by the layer before
  };
  // Where a parameter tensor travels between the arena's plain layout and a primitive's own.
  struct Transfer {
    dnnl::memory arena_side;  // handle set at each use
    std::size_t offset = 0;   // in floats
    Call call;
  };

  // Emits the primitives of a layer (plan_layers.cpp).
  void add_convolution(int layer);
  void add_dense(int layer);
  void add_relu(int layer);
  void add_pool(int layer);
  void add_backward(int layer);

  [[nodiscard]] dnnl::memory value_of(int layer) const;
  [[nodiscard]] TensorShape shape_of(int layer) const;
  [[nodiscard]] bool followed_by(int layer, LayerKind kind) const;
  [[nodiscard]] dnnl::memory::dims dims_of(int layer) const;
  // `memory` itself, or a reordered copy that a call in `calls` makes first.
  dnnl::memory in_layout(const dnnl::memory& memory, const dnnl::memory::desc& desc,
                         std::vector<Call>& calls);
  Call make_call(const dnnl::primitive& primitive, const Arguments& arguments,
                 const dnnl::memory::desc& scratchpad = {});
  // A parameter as the primitive wants it; registers the transfers to and, when training, from the arena.
  dnnl::memory parameter(const ParamTensor& tensor, const dnnl::memory::dims& dims,
                         const dnnl::memory::desc& wanted);
  void gradient(const ParamTensor& tensor, const dnnl::memory::dims& dims, const dnnl::memory& computed);
  void run(const std::vector<Call>& calls);
  void share_scratchpad();

  const NetSpec& spec_;
  const ParamLayout& layout_;
  std::vector<TensorShape> shapes_;
  int batch_;
  Mode mode_;
  dnnl::engine engine_;
  dnnl::stream stream_;

  std::vector<float> input_buffer_, logits_buffer_, logit_gradient_buffer_;
  dnnl::memory input_, logits_plain_, logit_gradient_plain_;
  std::vector<Node> nodes_;
  std::vector<Call> forward_calls_;
  std::vector<Call> backward_calls_;
  std::vector<Transfer> load_, store_;
  // Forward primitives that a backward one is a twin of.
  struct Twin {
    dnnl::convolution_forward::primitive_desc convolution;
    dnnl::pooling_forward::primitive_desc pool;
    dnnl::inner_product_forward::primitive_desc dense;
    dnnl::memory weights, workspace;
  };
  std::vector<Twin> twins_;
  // Plain copies of layer outputs for read_output(), made when first asked for.
  struct Reader {
    Call call;
    dnnl::memory plain;
  };
  std::map<int, Reader> readers_;
  std::vector<dnnl::memory> kept_;         // calls hold bare handles: this keeps their memory alive
  std::vector<dnnl::memory> scratchpads_;  // all share scratch_: one call runs at a time
  dnnl::memory scratch_;
};

}  // namespace fl
