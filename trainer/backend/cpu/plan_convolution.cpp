// Convolutions, depthwise ones included: to oneDNN those are grouped, one group a channel.
#include "trainer/backend/cpu/dnnl_helpers.h"
#include "trainer/backend/cpu/plan.h"

namespace fl {

using dnnl::algorithm;
using dnnl::memory;
using namespace dnnl_helpers;

namespace {

memory::dims weight_dims(const LayerSpec& layer, const ParamTensor& weight) {
  const auto& s = weight.shape;
  if (layer.kind == LayerKind::kDepthwise) return {s[0], 1, 1, s[2], s[3]};
  return {s[0], s[1], s[2], s[3]};
}

// The few channels of an image stay planar: oneDNN has kernels that read them as they are.
memory::desc source_desc(int source, const memory& value) {
  return source == NetSpec::kImage ? value.get_desc() : any(value.get_desc().dims());
}

}  // namespace

void Plan::add_convolution(int index) {
  const LayerSpec& spec = layer(index);
  Node& self = node(index);
  const memory input = value_of(source(index));
  const memory::dims w_dims = weight_dims(spec, tensor(index, ".weight"));
  const memory::dims b_dims{shape_of(index).channels};
  const Window window = window_of(spec, {});
  const auto attributes = with_scratchpad_and_relu(fuse_relu(index));
  const auto from = source_desc(source(index), input);
  const auto to = any(dims_of(index));
  const auto desc = spec.bias ? dnnl::convolution_forward::desc(
                                    forward_kind(), algorithm::convolution_direct, from, any(w_dims),
                                    any(b_dims), to, window.stride, window.padding, window.padding)
                              : dnnl::convolution_forward::desc(
                                    forward_kind(), algorithm::convolution_direct, from, any(w_dims), to,
                                    window.stride, window.padding, window.padding);
  self.convolution = {desc, attributes, engine_};
  const auto& chosen = self.convolution;
  self.weights = parameter(tensor(index, ".weight"), w_dims, chosen.weights_desc());
  self.value = memory(chosen.dst_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_SRC, in_layout(input, chosen.src_desc(), forward_calls_)},
                         {DNNL_ARG_WEIGHTS, self.weights},
                         {DNNL_ARG_DST, self.value}};
  if (spec.bias)
    arguments.emplace_back(DNNL_ARG_BIAS, parameter(tensor(index, ".bias"), b_dims, chosen.bias_desc()));
  forward_calls_.push_back(
      make_call(dnnl::convolution_forward(chosen), arguments, chosen.scratchpad_desc()));
}

void Plan::add_convolution_backward(int index) {
  const LayerSpec& spec = layer(index);
  Node& self = node(index);
  const memory input = value_of(source(index));
  const memory::dims w_dims = weight_dims(spec, tensor(index, ".weight"));
  const memory::dims b_dims{shape_of(index).channels};
  const Window window = window_of(spec, {});
  const auto from = source_desc(source(index), input);
  const auto to = any(dims_of(index));
  {
    using Backward = dnnl::convolution_backward_weights;
    const auto desc =
        spec.bias ? Backward::desc(algorithm::convolution_direct, from, any(w_dims), any(b_dims), to,
                                   window.stride, window.padding, window.padding)
                  : Backward::desc(algorithm::convolution_direct, from, any(w_dims), to, window.stride,
                                   window.padding, window.padding);
    const Backward::primitive_desc chosen(desc, with_scratchpad(), engine_, self.convolution);
    const memory w_gradient(chosen.diff_weights_desc(), engine_);
    Arguments arguments = {
        {DNNL_ARG_SRC, in_layout(input, chosen.src_desc(), backward_calls_)},
        {DNNL_ARG_DIFF_DST, in_layout(self.gradient, chosen.diff_dst_desc(), backward_calls_)},
        {DNNL_ARG_DIFF_WEIGHTS, w_gradient}};
    if (spec.bias) {
      const memory b_gradient(chosen.diff_bias_desc(), engine_);
      arguments.emplace_back(DNNL_ARG_DIFF_BIAS, b_gradient);
      gradient(tensor(index, ".bias"), b_dims, b_gradient);
    }
    backward_calls_.push_back(make_call(Backward(chosen), arguments, chosen.scratchpad_desc()));
    gradient(tensor(index, ".weight"), w_dims, w_gradient);
  }
  if (source(index) == NetSpec::kImage) return;  // the image needs no gradient
  using Backward = dnnl::convolution_backward_data;
  const Backward::primitive_desc chosen({algorithm::convolution_direct, from, any(w_dims), to, window.stride,
                                         window.padding, window.padding},
                                        with_scratchpad(), engine_, self.convolution);
  const memory below(chosen.diff_src_desc(), engine_);
  backward_calls_.push_back(make_call(
      Backward(chosen),
      {{DNNL_ARG_DIFF_DST, in_layout(self.gradient, chosen.diff_dst_desc(), backward_calls_)},
       {DNNL_ARG_WEIGHTS, in_layout(self.weights, chosen.weights_desc(), backward_calls_)},
       {DNNL_ARG_DIFF_SRC, below}},
      chosen.scratchpad_desc()));
  deliver(source(index), below);
}

}  // namespace fl
