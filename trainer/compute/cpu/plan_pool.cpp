// Poolings.
#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/plan.h"

namespace fl {

using dnnl::algorithm;
using dnnl::memory;
using namespace dnnl_helpers;

namespace {

algorithm pool_algorithm(LayerKind kind) {
  return kind == LayerKind::kMaxPool ? algorithm::pooling_max : algorithm::pooling_avg_exclude_padding;
}

}  // namespace

void Plan::add_pool(int index) {
  Node& self = node(index);
  const memory input = value_of(source(index));
  const Window window = window_of(layer(index), shape_of(source(index)));
  self.pool = {{forward_kind(), pool_algorithm(layer(index).kind), input.get_desc(), any(dims_of(index)),
                window.stride, window.kernel, window.padding, window.padding},
               with_scratchpad(),
               engine_};
  self.value = memory(self.pool.dst_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_SRC, input}, {DNNL_ARG_DST, self.value}};
  if (self.pool.workspace_desc().get_size() > 0) {
    self.workspace = memory(self.pool.workspace_desc(), engine_);
    arguments.emplace_back(DNNL_ARG_WORKSPACE, self.workspace);
  }
  forward_calls_.push_back(
      make_call(dnnl::pooling_forward(self.pool), arguments, self.pool.scratchpad_desc()));
}

void Plan::add_pool_backward(int index) {
  const int below_index = source(index);
  if (!wanted(below_index)) return;
  Node& self = node(index);
  // Only max pooling commutes with ReLU; see add_activation_backward, which leaves it to us then.
  const bool behind_relu =
      layer(below_index).kind == LayerKind::kRelu && sole_reader(below_index, LayerKind::kMaxPool) == index;
  const memory above = behind_relu ? undo_activation(LayerKind::kRelu, self.value, self.gradient)
                                   : in_layout(self.gradient, self.value.get_desc(), backward_calls_);
  const Window window = window_of(layer(index), shape_of(below_index));
  const dnnl::pooling_backward::primitive_desc chosen(
      {pool_algorithm(layer(index).kind), self.pool.src_desc(), self.value.get_desc(), window.stride,
       window.kernel, window.padding, window.padding},
      with_scratchpad(), engine_, self.pool);
  const memory below(chosen.diff_src_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_DIFF_DST, above}, {DNNL_ARG_DIFF_SRC, below}};
  if (self.workspace) arguments.emplace_back(DNNL_ARG_WORKSPACE, self.workspace);
  backward_calls_.push_back(make_call(dnnl::pooling_backward(chosen), arguments, chosen.scratchpad_desc()));
  deliver(below_index, below);
}

}  // namespace fl
