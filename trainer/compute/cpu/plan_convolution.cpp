// Convolutions, depthwise ones included: to oneDNN those are grouped, one group a channel.
#include <memory>
#include <utility>

#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/loops/image_weights.h"
#include "trainer/compute/cpu/loops/winograd_3x3.h"
#include "trainer/compute/cpu/plan.h"

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

// From so many channels on Winograd's way needs half the time of the direct one, and less. In evaluation
// only: it rounds more coarsely, and in training Adam's first steps, which go by the sign of the smallest
// gradients, would stray from what other ways of computing make of them.
constexpr int kWinogradChannels = 16;

bool suits_winograd(const LayerSpec& layer, const memory::dims& source) {
  return layer.kind == LayerKind::kConvolution && layer.kernel == 3 && layer.stride == 1 &&
         layer.padding == 1 && layer.end_padding() == 1 && source[1] >= kWinogradChannels &&
         layer.out_channels >= kWinogradChannels;
}

// With so few channels, oneDNN's kernel for inference (brgconv) is no faster than its direct one, and wants
// the values in another layout, into which they are brought and back. Its form for training has the direct
// one, which adds up the same products in the same order.
constexpr int kFewChannels = 16;

bool few_channels(const LayerSpec& layer, const memory::dims& source) {
  return layer.kind == LayerKind::kConvolution && layer.kernel == 3 && layer.stride == 1 &&
         source[1] <= kFewChannels;
}

}  // namespace

bool Plan::add_winograd(int index) {
  const LayerSpec& spec = layer(index);
  const memory input = value_of(source(index));
  const memory::dims from = input.get_desc().dims();
  const auto block = channel_block(input.get_desc());
  if (mode_ == Mode::kTraining || !block || !suits_winograd(spec, from) ||
      sole_reader(index, LayerKind::kRelu6) >= 0)
    return false;
  const auto size = [](memory::dim number) { return static_cast<std::size_t>(number); };
  auto kernel = std::make_shared<Winograd3x3>(Winograd3x3::Shape{.images = size(from[0]),
                                                                 .channels = size(from[1]),
                                                                 .height = size(from[2]),
                                                                 .width = size(from[3]),
                                                                 .outputs = size(spec.out_channels),
                                                                 .block = *block,
                                                                 .relu = fuse(index, LayerKind::kRelu)});
  const auto loads = [&](const char* suffix, const memory::dims& dims,
                         void (Winograd3x3::*bring)(const float*)) {
    const memory arena_side(plain(dims), engine_, DNNL_MEMORY_NONE);
    load_params_.push_back({arena_side,
                            tensor(index, suffix).offset,
                            {{}, {}, [kernel, arena_side, bring] {
                               (*kernel.*bring)(static_cast<const float*>(arena_side.get_data_handle()));
                             }}});
  };
  loads(".weight", weight_dims(spec, tensor(index, ".weight")), &Winograd3x3::load_weights);
  if (spec.bias) loads(".bias", {spec.out_channels}, &Winograd3x3::load_bias);
  Node& self = node(index);
  self.value = memory(in_blocks(dims_of(index), *block), engine_);
  kept_.push_back(input);
  forward_calls_.push_back(
      {{},
       {},
       [kernel, in = static_cast<const float*>(input.get_data_handle()),
        out = static_cast<float*>(self.value.get_data_handle())] { kernel->run(in, out); }});
  return true;
}

void Plan::add_convolution(int index) {
  if (add_winograd(index)) return;
  const LayerSpec& spec = layer(index);
  Node& self = node(index);
  const memory input = value_of(source(index));
  const memory::dims w_dims = weight_dims(spec, tensor(index, ".weight"));
  const memory::dims b_dims{shape_of(index).channels};
  const Window window = window_of(spec, {});
  const auto attributes = with_scratchpad_and(fuse_activation(index));
  const auto from = source_desc(source(index), input);
  const auto to = any(dims_of(index));
  using Forward = dnnl::convolution_forward;
  const auto kind =
      few_channels(spec, input.get_desc().dims()) ? dnnl::prop_kind::forward_training : forward_kind();
  const auto how = algorithm::convolution_direct;
  const auto desc = spec.bias ? Forward::desc(kind, how, from, any(w_dims), any(b_dims), to, window.stride,
                                              window.padding, window.padding_end)
                              : Forward::desc(kind, how, from, any(w_dims), to, window.stride, window.padding,
                                              window.padding_end);
  self.convolution = Forward::primitive_desc(desc, attributes, engine_);
  const auto& chosen = self.convolution;
  self.weights = parameter(tensor(index, ".weight"), w_dims, chosen.weights_desc());
  self.value = memory(chosen.dst_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_SRC, in_layout(input, chosen.src_desc(), forward_calls_)},
                         {DNNL_ARG_WEIGHTS, self.weights},
                         {DNNL_ARG_DST, self.value}};
  if (spec.bias)
    arguments.emplace_back(DNNL_ARG_BIAS, parameter(tensor(index, ".bias"), b_dims, chosen.bias_desc()));
  forward_calls_.push_back(make_call(Forward(chosen), arguments, chosen.scratchpad_desc()));
}

// Where oneDNN would first bring the gradient into another layout than the blocks of eight that it lies in.
bool Plan::add_image_weights(int index, const memory::desc& wanted) {
  const LayerSpec& spec = layer(index);
  const memory& above = node(index).gradient;
  const TensorShape out = shape_of(index), in = spec_.input;
  if (source(index) != NetSpec::kImage || spec.kind != LayerKind::kConvolution || spec.kernel != 3 ||
      spec.stride != 1 || spec.padding != 1 || spec.end_padding() != 1 ||
      out.channels % static_cast<int>(ImageWeights::kBlock) != 0 ||
      above.get_desc() != memory::desc(dims_of(index), kF32, memory::format_tag::nChw8c) ||
      wanted == above.get_desc())
    return false;
  const auto size = [](int number) { return static_cast<std::size_t>(number); };
  const memory::dims w_dims = weight_dims(spec, tensor(index, ".weight"));
  const memory w_gradient(plain(w_dims), engine_);
  gradient(tensor(index, ".weight"), w_dims, w_gradient);
  memory b_gradient;
  if (spec.bias) {
    b_gradient = memory(plain({out.channels}), engine_);
    gradient(tensor(index, ".bias"), {out.channels}, b_gradient);
  }
  kept_.insert(kept_.end(), {above, w_gradient});
  auto kernel = std::make_shared<ImageWeights>(size(batch_), size(in.channels), size(in.height),
                                               size(in.width), size(out.channels));
  const auto floats = [](const memory& value) { return static_cast<float*>(value.get_data_handle()); };
  backward_calls_.push_back({{},
                             {},
                             [kernel = std::move(kernel), image = floats(input_), from = floats(above),
                              weights = floats(w_gradient), bias = spec.bias ? floats(b_gradient) : nullptr] {
                               kernel->run(image, from, weights, bias);
                             }});
  return true;
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
  if (!spec.frozen) {
    using Backward = dnnl::convolution_backward_weights;
    const auto desc = spec.bias
                          ? Backward::desc(algorithm::convolution_direct, from, any(w_dims), any(b_dims), to,
                                           window.stride, window.padding, window.padding_end)
                          : Backward::desc(algorithm::convolution_direct, from, any(w_dims), to,
                                           window.stride, window.padding, window.padding_end);
    const Backward::primitive_desc chosen(desc, with_scratchpad(), engine_, self.convolution);
    if (add_image_weights(index, chosen.diff_dst_desc())) return;
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
  if (!wanted(source(index))) return;
  using Backward = dnnl::convolution_backward_data;
  const Backward::primitive_desc chosen({algorithm::convolution_direct, from, any(w_dims), to, window.stride,
                                         window.padding, window.padding_end},
                                        with_scratchpad(), engine_, self.convolution);
  const memory below(chosen.diff_src_desc(), engine_);
  backward_calls_.push_back(make_call(
      Backward(chosen),
      {{DNNL_ARG_DIFF_DST, in_layout(self.gradient, chosen.diff_dst_desc(), backward_calls_)},
       {DNNL_ARG_WEIGHTS, also_as(self.weights, tensor(index, ".weight"), w_dims, chosen.weights_desc())},
       {DNNL_ARG_DIFF_SRC, below}},
      chosen.scratchpad_desc()));
  deliver(source(index), below);
}

}  // namespace fl
