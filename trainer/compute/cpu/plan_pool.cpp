// Poolings.
#include <optional>
#include <utility>

#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/loops/max_pool_2x2.h"
#include "trainer/compute/cpu/plan.h"

namespace fl {

using dnnl::algorithm;
using dnnl::memory;
using namespace dnnl_helpers;

namespace {

algorithm pool_algorithm(LayerKind kind) {
  return kind == LayerKind::kMaxPool ? algorithm::pooling_max : algorithm::pooling_avg_exclude_padding;
}

// The planes that max_pool_2x2 pools where a layer's input lies in blocks of channels that it knows.
std::optional<PooledPlanes> pooled_planes(const LayerSpec& layer, const memory::desc& input) {
  if (layer.kind != LayerKind::kMaxPool || layer.kernel != 2 || layer.stride != 2 || layer.padding != 0)
    return {};
  const auto block = channel_block(input);
  if (!block) return {};
  const auto dims = input.dims();
  const auto size = [](memory::dim number) { return static_cast<std::size_t>(number); };
  return PooledPlanes{size(dims[0]) * ((size(dims[1]) + *block - 1) / *block), size(dims[2]), size(dims[3]),
                      *block};
}

}  // namespace

// Only max pooling commutes with ReLU; see add_activation_backward, which leaves it to the pooling then.
bool Plan::undoes_relu(int index) const {
  const int below = source(index);
  // Where the way back ends at the ReLU, what is behind it is not the ReLU's to undo.
  if (layout_.ends_at == below) return false;
  return below != NetSpec::kImage && layer(below).kind == LayerKind::kRelu &&
         sole_reader(below, LayerKind::kMaxPool) == index;
}

bool Plan::add_max_pool_2x2(int index) {
  const memory input = value_of(source(index));
  const auto planes = pooled_planes(layer(index), input.get_desc());
  if (!planes) return false;
  Node& self = node(index);
  self.value = memory(in_blocks(dims_of(index), planes->block), engine_);
  if (mode_ == Mode::kTraining) self.chosen.resize(planes->outputs());
  forward_calls_.push_back({{},
                            {},
                            [planes = *planes, behind_relu = undoes_relu(index),
                             in = static_cast<const float*>(input.get_data_handle()),
                             out = static_cast<float*>(self.value.get_data_handle()),
                             chosen = self.chosen.empty() ? nullptr : self.chosen.data()] {
                              max_pool_2x2(planes, behind_relu, in, out, chosen);
                            }});
  return true;
}

void Plan::add_pool(int index) {
  if (add_max_pool_2x2(index)) return;
  Node& self = node(index);
  const memory input = value_of(source(index));
  const Window window = window_of(layer(index), shape_of(source(index)));
  self.pool = {{forward_kind(), pool_algorithm(layer(index).kind), input.get_desc(), any(dims_of(index)),
                window.stride, window.kernel, window.padding, window.padding_end},
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
  if (!self.chosen.empty()) {
    const memory above = in_layout(self.gradient, self.value.get_desc(), backward_calls_);
    const memory below(value_of(below_index).get_desc(), engine_);
    kept_.insert(kept_.end(), {above, below});
    backward_calls_.push_back(
        {{},
         {},
         [planes = *pooled_planes(layer(index), below.get_desc()), chosen = self.chosen.data(),
          out_gradient = static_cast<const float*>(above.get_data_handle()),
          in_gradient = static_cast<float*>(below.get_data_handle())] {
           max_pool_2x2_backward(planes, out_gradient, chosen, in_gradient);
         }});
    return deliver(below_index, below);
  }
  const memory above = undoes_relu(index) ? undo_activation(LayerKind::kRelu, self.value, self.gradient)
                                          : in_layout(self.gradient, self.value.get_desc(), backward_calls_);
  const Window window = window_of(layer(index), shape_of(below_index));
  const dnnl::pooling_backward::primitive_desc chosen(
      {pool_algorithm(layer(index).kind), self.pool.src_desc(), self.value.get_desc(), window.stride,
       window.kernel, window.padding, window.padding_end},
      with_scratchpad(), engine_, self.pool);
  const memory below(chosen.diff_src_desc(), engine_);
  Arguments arguments = {{DNNL_ARG_DIFF_DST, above}, {DNNL_ARG_DIFF_SRC, below}};
  if (self.workspace) arguments.emplace_back(DNNL_ARG_WORKSPACE, self.workspace);
  backward_calls_.push_back(make_call(dnnl::pooling_backward(chosen), arguments, chosen.scratchpad_desc()));
  deliver(below_index, below);
}

}  // namespace fl
