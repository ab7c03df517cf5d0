// Dense layers. One that reads a picture takes it as a filter that covers all of it, so nothing is flattened.
#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/plan.h"

namespace fl {

using dnnl::memory;
using namespace dnnl_helpers;

namespace {

memory::dims weight_dims(int outputs, const memory::dims& source) {
  memory::dims dims = source;
  dims[0] = outputs;
  return dims;
}

}  // namespace

// A product of matrices rounds the rows at its end in another way than those before: on AVX2 the thirteenth
// image of a chunk. So where an image is to be judged alike wherever it stands, each has a product of its
// own.
void Plan::add_dense(int index) {
  const LayerSpec& spec = layer(index);
  Node& self = node(index);
  const bool by_image = mode_ == Mode::kInference;
  const memory input = value_of(source(index));
  memory::dims in_dims = input.get_desc().dims();
  const auto whole = plain(in_dims);
  const int rows = by_image ? 1 : batch_;
  in_dims[0] = rows;
  const memory::dims w_dims = weight_dims(spec.out_channels, in_dims);
  const memory::dims b_dims{spec.out_channels};
  const auto from = by_image ? plain(in_dims) : any(in_dims), to = plain({rows, spec.out_channels});
  const auto attributes = with_scratchpad_and(fuse_activation(index));
  using Forward = dnnl::inner_product_forward;
  const auto desc = spec.bias ? Forward::desc(forward_kind(), from, any(w_dims), any(b_dims), to)
                              : Forward::desc(forward_kind(), from, any(w_dims), to);
  self.dense = {desc, attributes, engine_};
  const auto& chosen = self.dense;
  self.weights = parameter(tensor(index, ".weight"), w_dims, chosen.weights_desc());
  self.value = memory(plain({batch_, spec.out_channels}), engine_);
  Arguments parameters = {{DNNL_ARG_WEIGHTS, self.weights}};
  if (spec.bias)
    parameters.emplace_back(DNNL_ARG_BIAS, parameter(tensor(index, ".bias"), b_dims, chosen.bias_desc()));
  const memory read = in_layout(input, by_image ? whole : chosen.src_desc(), forward_calls_);
  const auto part = [&](const memory& all, const memory::desc& rows_of, int first) {
    auto* begin = static_cast<std::byte*>(all.get_data_handle());
    return memory(rows_of, engine_, begin + static_cast<std::size_t>(first / rows) * rows_of.get_size());
  };
  const Forward product(chosen);
  for (int first = 0; first < batch_; first += rows) {
    Arguments arguments = parameters;
    arguments.emplace_back(DNNL_ARG_SRC, part(read, chosen.src_desc(), first));
    arguments.emplace_back(DNNL_ARG_DST, part(self.value, to, first));
    forward_calls_.push_back(make_call(product, arguments, chosen.scratchpad_desc()));
  }
}

void Plan::add_dense_backward(int index) {
  const LayerSpec& spec = layer(index);
  Node& self = node(index);
  const memory input = value_of(source(index));
  const memory::dims in_dims = input.get_desc().dims();
  const memory::dims w_dims = weight_dims(spec.out_channels, in_dims);
  const memory::dims b_dims{spec.out_channels};
  const auto to = plain({batch_, spec.out_channels});
  const memory above = in_layout(self.gradient, to, backward_calls_);
  if (!spec.frozen) {
    using Backward = dnnl::inner_product_backward_weights;
    const auto desc = spec.bias ? Backward::desc(any(in_dims), any(w_dims), any(b_dims), to)
                                : Backward::desc(any(in_dims), any(w_dims), to);
    const Backward::primitive_desc chosen(desc, with_scratchpad(), engine_, self.dense);
    const memory w_gradient(chosen.diff_weights_desc(), engine_);
    Arguments arguments = {{DNNL_ARG_SRC, in_layout(input, chosen.src_desc(), backward_calls_)},
                           {DNNL_ARG_DIFF_DST, above},
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
  using Backward = dnnl::inner_product_backward_data;
  const Backward::primitive_desc chosen({any(in_dims), any(w_dims), to}, with_scratchpad(), engine_,
                                        self.dense);
  const memory below(chosen.diff_src_desc(), engine_);
  backward_calls_.push_back(make_call(
      Backward(chosen),
      {{DNNL_ARG_DIFF_DST, above},
       {DNNL_ARG_WEIGHTS, also_as(self.weights, tensor(index, ".weight"), w_dims, chosen.weights_desc())},
       {DNNL_ARG_DIFF_SRC, below}},
      chosen.scratchpad_desc()));
  deliver(source(index), below);
}

}  // namespace fl
