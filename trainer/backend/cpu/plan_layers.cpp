// What each layer becomes in oneDNN, forward and backward.
#include "trainer/backend/cpu/plan.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;
using Tag = memory::format_tag;
constexpr auto kF32 = memory::data_type::f32;

memory::desc any(const memory::dims& dims) {
  return {dims, kF32, Tag::any};
}

dnnl::primitive_attr with_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

const ParamTensor& tensor_of(const ParamLayout& layout, const LayerSpec& layer, const char* suffix) {
  const ParamTensor* tensor = layout.find(layer.name + suffix);
  FL_CHECK_MSG(tensor != nullptr, "no parameter {}{}", layer.name, suffix);
  return *tensor;
}

memory::dims weight_dims(const ParamTensor& tensor, const memory::dims& source) {
  // A dense layer reads a 4-D activation as the filter that covers all of it.
  if (tensor.shape.size() == 2 && source.size() == 4)
    return {tensor.shape[0], source[1], source[2], source[3]};
  return {tensor.shape.begin(), tensor.shape.end()};
}

struct Window {
  memory::dims kernel, stride, padding;
};

Window window_of(const LayerSpec& layer, TensorShape in) {
  if (layer.kind == LayerKind::kGlobalAveragePool) return {{in.height, in.width}, {1, 1}, {0, 0}};
  return {{layer.kernel, layer.kernel}, {layer.stride, layer.stride}, {layer.padding, layer.padding}};
}

algorithm pool_algorithm(LayerKind kind) {
  return kind == LayerKind::kMaxPool ? algorithm::pooling_max : algorithm::pooling_avg_exclude_padding;
}

}  // namespace

void Plan::add_convolution(int index) {
  const LayerSpec& layer = spec_.layers[static_cast<std::size_t>(index)];
  Node& node = nodes_[static_cast<std::size_t>(index)];
  Twin& twin = twins_[static_cast<std::size_t>(index)];
  const ParamTensor& weight = tensor_of(layout_, layer, ".weight");
  const ParamTensor& bias = tensor_of(layout_, layer, ".bias");
  const memory::dims w_dims(weight.shape.begin(), weight.shape.end());
  const memory::dims b_dims{layer.out_channels};
  const Window window = window_of(layer, {});

  auto attributes = with_scratchpad();
  if (followed_by(index, LayerKind::kRelu)) {
    dnnl::post_ops ops;
    ops.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(ops);
    nodes_[static_cast<std::size_t>(index) + 1].fused = true;
  }
  // The few channels of an image stay planar: oneDNN has kernels that read them as they are.
  const memory source = value_of(node.source);
  const auto source_desc = node.source < 0 ? source.get_desc() : any(dims_of(node.source));
  const auto kind = mode_ == Mode::kTraining ? prop_kind::forward_training : prop_kind::forward_inference;
  const dnnl::convolution_forward::desc desc(kind, algorithm::convolution_direct, source_desc, any(w_dims),
                                             any(b_dims), any(dims_of(index)), window.stride, window.padding,
                                             window.padding);
  twin.convolution = {desc, attributes, engine_};
  const auto& chosen = twin.convolution;
  const memory input = in_layout(source, chosen.src_desc(), forward_calls_);
  twin.weights = parameter(weight, w_dims, chosen.weights_desc());
  const memory own_bias = parameter(bias, b_dims, chosen.bias_desc());
  node.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(make_call(dnnl::convolution_forward(chosen),
                                     {{DNNL_ARG_SRC, input},
                                      {DNNL_ARG_WEIGHTS, twin.weights},
                                      {DNNL_ARG_BIAS, own_bias},
                                      {DNNL_ARG_DST, node.value}},
                                     chosen.scratchpad_desc()));
}

void Plan::add_dense(int index) {
  const LayerSpec& layer = spec_.layers[static_cast<std::size_t>(index)];
  Node& node = nodes_[static_cast<std::size_t>(index)];
  Twin& twin = twins_[static_cast<std::size_t>(index)];
  const ParamTensor& weight = tensor_of(layout_, layer, ".weight");
  const ParamTensor& bias = tensor_of(layout_, layer, ".bias");
  const memory source = value_of(node.source);
  const memory::dims w_dims = weight_dims(weight, source.get_desc().dims());
  const memory::dims b_dims{layer.out_channels};
  const auto kind = mode_ == Mode::kTraining ? prop_kind::forward_training : prop_kind::forward_inference;
  const dnnl::inner_product_forward::desc desc(kind, any(source.get_desc().dims()), any(w_dims), any(b_dims),
                                               {{batch_, layer.out_channels}, kF32, Tag::ab});
  twin.dense = {desc, with_scratchpad(), engine_};
  const auto& chosen = twin.dense;
  const memory input = in_layout(source, chosen.src_desc(), forward_calls_);
  twin.weights = parameter(weight, w_dims, chosen.weights_desc());
  const memory own_bias = parameter(bias, b_dims, chosen.bias_desc());
  node.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(make_call(dnnl::inner_product_forward(chosen),
                                     {{DNNL_ARG_SRC, input},
                                      {DNNL_ARG_WEIGHTS, twin.weights},
                                      {DNNL_ARG_BIAS, own_bias},
                                      {DNNL_ARG_DST, node.value}},
                                     chosen.scratchpad_desc()));
}

void Plan::add_relu(int index) {
  Node& node = nodes_[static_cast<std::size_t>(index)];
  const memory source = value_of(node.source);
  if (node.fused) {
    node.value = source;
    return;
  }
  const dnnl::eltwise_forward::desc desc(prop_kind::forward_inference, algorithm::eltwise_relu,
                                         source.get_desc(), 0.0f, 0.0f);
  const dnnl::eltwise_forward::primitive_desc chosen(desc, with_scratchpad(), engine_);
  node.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(make_call(dnnl::eltwise_forward(chosen),
                                     {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, node.value}},
                                     chosen.scratchpad_desc()));
}

void Plan::add_pool(int index) {
  const LayerSpec& layer = spec_.layers[static_cast<std::size_t>(index)];
  Node& node = nodes_[static_cast<std::size_t>(index)];
  Twin& twin = twins_[static_cast<std::size_t>(index)];
  const memory source = value_of(node.source);
  const Window window = window_of(layer, shape_of(node.source));
  const auto kind = mode_ == Mode::kTraining ? prop_kind::forward_training : prop_kind::forward_inference;
  const dnnl::pooling_forward::desc desc(kind, pool_algorithm(layer.kind), source.get_desc(),
                                         any(dims_of(index)), window.stride, window.kernel, window.padding,
                                         window.padding);
  twin.pool = {desc, with_scratchpad(), engine_};
  node.value = memory(twin.pool.dst_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, node.value}};
  if (twin.pool.workspace_desc().get_size() > 0) {
    twin.workspace = memory(twin.pool.workspace_desc(), engine_);
    arguments.emplace_back(DNNL_ARG_WORKSPACE, twin.workspace);
  }
  forward_calls_.push_back(
      make_call(dnnl::pooling_forward(twin.pool), arguments, twin.pool.scratchpad_desc()));
}

void Plan::add_backward(int index) {
  const LayerSpec& layer = spec_.layers[static_cast<std::size_t>(index)];
  Node& node = nodes_[static_cast<std::size_t>(index)];
  Twin& twin = twins_[static_cast<std::size_t>(index)];
  const int source_index = node.source;
  // The image needs no gradient.
  const bool wants_input_gradient = source_index >= 0;
  const auto deliver = [&](const memory& value) {
    Node& source = nodes_[static_cast<std::size_t>(source_index)];
    FL_CHECK_MSG(!source.gradient, "layer {} has two readers",
                 spec_.layers[static_cast<std::size_t>(source_index)].name);
    source.gradient = value;
  };
  // gradient *= (value > 0), in place. ReLU is undone from its output.
  const auto undo_relu = [&](const memory& value, const memory& gradient_in) {
    const memory gradient_here = in_layout(gradient_in, value.get_desc(), backward_calls_);
    const dnnl::eltwise_forward::primitive_desc twin_desc(
        {prop_kind::forward_training, algorithm::eltwise_relu_use_dst_for_bwd, value.get_desc(), 0.0f, 0.0f},
        with_scratchpad(), engine_);
    const dnnl::eltwise_backward::primitive_desc chosen(
        {algorithm::eltwise_relu_use_dst_for_bwd, value.get_desc(), value.get_desc(), 0.0f, 0.0f},
        with_scratchpad(), engine_, twin_desc);
    backward_calls_.push_back(make_call(
        dnnl::eltwise_backward(chosen),
        {{DNNL_ARG_DST, value}, {DNNL_ARG_DIFF_DST, gradient_here}, {DNNL_ARG_DIFF_SRC, gradient_here}},
        chosen.scratchpad_desc()));
    return gradient_here;
  };

  switch (layer.kind) {
    case LayerKind::kConvolution: {
      const Window window = window_of(layer, {});
      const ParamTensor& weight = tensor_of(layout_, layer, ".weight");
      const ParamTensor& bias = tensor_of(layout_, layer, ".bias");
      const memory::dims w_dims(weight.shape.begin(), weight.shape.end());
      const memory::dims b_dims{layer.out_channels};
      const memory source = value_of(source_index);
      const auto source_desc = source_index < 0 ? source.get_desc() : any(dims_of(source_index));
      {
        const dnnl::convolution_backward_weights::primitive_desc chosen(
            {algorithm::convolution_direct, source_desc, any(w_dims), any(b_dims), any(dims_of(index)),
             window.stride, window.padding, window.padding},
            with_scratchpad(), engine_, twin.convolution);
        const memory input = in_layout(source, chosen.src_desc(), backward_calls_);
        const memory above = in_layout(node.gradient, chosen.diff_dst_desc(), backward_calls_);
        const memory w_gradient(chosen.diff_weights_desc(), engine_);
        const memory b_gradient(chosen.diff_bias_desc(), engine_);
        backward_calls_.push_back(make_call(dnnl::convolution_backward_weights(chosen),
                                            {{DNNL_ARG_SRC, input},
                                             {DNNL_ARG_DIFF_DST, above},
                                             {DNNL_ARG_DIFF_WEIGHTS, w_gradient},
                                             {DNNL_ARG_DIFF_BIAS, b_gradient}},
                                            chosen.scratchpad_desc()));
        gradient(weight, w_dims, w_gradient);
        gradient(bias, b_dims, b_gradient);
      }
      if (wants_input_gradient) {
        const dnnl::convolution_backward_data::primitive_desc chosen(
            {algorithm::convolution_direct, any(dims_of(source_index)), any(w_dims), any(dims_of(index)),
             window.stride, window.padding, window.padding},
            with_scratchpad(), engine_, twin.convolution);
        const memory above = in_layout(node.gradient, chosen.diff_dst_desc(), backward_calls_);
        const memory weights = in_layout(twin.weights, chosen.weights_desc(), backward_calls_);
        const memory below(chosen.diff_src_desc(), engine_);
        backward_calls_.push_back(
            make_call(dnnl::convolution_backward_data(chosen),
                      {{DNNL_ARG_DIFF_DST, above}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DIFF_SRC, below}},
                      chosen.scratchpad_desc()));
        deliver(below);
      }
      return;
    }
    case LayerKind::kDense: {
      const ParamTensor& weight = tensor_of(layout_, layer, ".weight");
      const ParamTensor& bias = tensor_of(layout_, layer, ".bias");
      const memory source = value_of(source_index);
      const auto in_dims = source.get_desc().dims();
      const memory::dims w_dims = weight_dims(weight, in_dims);
      const memory::dims b_dims{layer.out_channels};
      const memory::desc above_desc({batch_, layer.out_channels}, kF32, Tag::ab);
      {
        const dnnl::inner_product_backward_weights::primitive_desc chosen(
            {any(in_dims), any(w_dims), any(b_dims), above_desc}, with_scratchpad(), engine_, twin.dense);
        const memory input = in_layout(source, chosen.src_desc(), backward_calls_);
        const memory above = in_layout(node.gradient, chosen.diff_dst_desc(), backward_calls_);
        const memory w_gradient(chosen.diff_weights_desc(), engine_);
        const memory b_gradient(chosen.diff_bias_desc(), engine_);
        backward_calls_.push_back(make_call(dnnl::inner_product_backward_weights(chosen),
                                            {{DNNL_ARG_SRC, input},
                                             {DNNL_ARG_DIFF_DST, above},
                                             {DNNL_ARG_DIFF_WEIGHTS, w_gradient},
                                             {DNNL_ARG_DIFF_BIAS, b_gradient}},
                                            chosen.scratchpad_desc()));
        gradient(weight, w_dims, w_gradient);
        gradient(bias, b_dims, b_gradient);
      }
      if (wants_input_gradient) {
        const dnnl::inner_product_backward_data::primitive_desc chosen(
            {any(in_dims), any(w_dims), above_desc}, with_scratchpad(), engine_, twin.dense);
        const memory above = in_layout(node.gradient, chosen.diff_dst_desc(), backward_calls_);
        const memory weights = in_layout(twin.weights, chosen.weights_desc(), backward_calls_);
        const memory below(chosen.diff_src_desc(), engine_);
        backward_calls_.push_back(
            make_call(dnnl::inner_product_backward_data(chosen),
                      {{DNNL_ARG_DIFF_DST, above}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DIFF_SRC, below}},
                      chosen.scratchpad_desc()));
        deliver(below);
      }
      return;
    }
    case LayerKind::kRelu:
      // Before a max pooling it has been undone already, behind the pooling.
      if (wants_input_gradient)
        deliver(followed_by(index, LayerKind::kMaxPool) ? node.gradient
                                                        : undo_relu(node.value, node.gradient));
      return;
    case LayerKind::kMaxPool:
    case LayerKind::kGlobalAveragePool: {
      if (!wants_input_gradient) return;
      const bool behind_relu =
          layer.kind == LayerKind::kMaxPool &&
          spec_.layers[static_cast<std::size_t>(source_index)].kind == LayerKind::kRelu &&
          followed_by(source_index, LayerKind::kMaxPool);
      const Window window = window_of(layer, shape_of(source_index));
      const memory above = behind_relu ? undo_relu(node.value, node.gradient)
                                       : in_layout(node.gradient, node.value.get_desc(), backward_calls_);
      const dnnl::pooling_backward::primitive_desc chosen(
          {pool_algorithm(layer.kind), twin.pool.src_desc(), node.value.get_desc(), window.stride,
           window.kernel, window.padding, window.padding},
          with_scratchpad(), engine_, twin.pool);
      const memory below(chosen.diff_src_desc(), engine_);
      Arguments arguments = {{DNNL_ARG_DIFF_DST, above}, {DNNL_ARG_DIFF_SRC, below}};
      if (twin.workspace) arguments.emplace_back(DNNL_ARG_WORKSPACE, twin.workspace);
      backward_calls_.push_back(
          make_call(dnnl::pooling_backward(chosen), arguments, chosen.scratchpad_desc()));
      deliver(below);
      return;
    }
  }
}

}  // namespace fl
