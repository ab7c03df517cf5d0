// What works on each value by itself: ReLU, ReLU6, the residual sum, a part of the image, dropout.
#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/plan.h"

namespace fl {

using dnnl::algorithm;
using dnnl::memory;
using namespace dnnl_helpers;

void Plan::add_activation(int index) {
  Node& self = node(index);
  const memory input = value_of(source(index));
  if (self.fused) {
    self.value = input;
    return;
  }
  const Activation f = activation_of(layer(index).kind);
  const dnnl::eltwise_forward::primitive_desc chosen(
      {dnnl::prop_kind::forward_inference, f.forward, input.get_desc(), f.alpha, f.beta}, with_scratchpad(),
      engine_);
  self.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(make_call(dnnl::eltwise_forward(chosen),
                                     {{DNNL_ARG_SRC, input}, {DNNL_ARG_DST, self.value}},
                                     chosen.scratchpad_desc()));
}

memory Plan::undo_activation(LayerKind kind, const memory& value, const memory& above) {
  const memory in_place = in_layout(above, value.get_desc(), backward_calls_);
  const Activation f = activation_of(kind);
  const dnnl::eltwise_forward::primitive_desc hint(
      {dnnl::prop_kind::forward_training, f.from_output, value.get_desc(), f.alpha, f.beta},
      with_scratchpad(), engine_);
  const dnnl::eltwise_backward::primitive_desc chosen(
      {f.from_output, value.get_desc(), value.get_desc(), f.alpha, f.beta}, with_scratchpad(), engine_, hint);
  backward_calls_.push_back(
      make_call(dnnl::eltwise_backward(chosen),
                {{DNNL_ARG_DST, value}, {DNNL_ARG_DIFF_DST, in_place}, {DNNL_ARG_DIFF_SRC, in_place}},
                chosen.scratchpad_desc()));
  return in_place;
}

void Plan::add_activation_backward(int index) {
  const int below = source(index);
  if (!wanted(below)) return;
  Node& self = node(index);
  // A batch norm undoes the ReLU it did itself; one before a max pooling is undone behind the pooling.
  const bool done_elsewhere =
      (self.fused && layer(below).kind == LayerKind::kBatchNorm) ||
      (layer(index).kind == LayerKind::kRelu && sole_reader(index, LayerKind::kMaxPool) >= 0);
  deliver(below,
          done_elsewhere ? self.gradient : undo_activation(layer(index).kind, self.value, self.gradient));
}

void Plan::add_sum(int index) {
  Node& self = node(index);
  const std::vector<int> sources = spec_.sources(index);
  const memory first = value_of(sources[0]);
  const memory second = in_layout(value_of(sources[1]), first.get_desc(), forward_calls_);
  const dnnl::binary::primitive_desc chosen(
      {algorithm::binary_add, first.get_desc(), second.get_desc(), first.get_desc()}, with_scratchpad(),
      engine_);
  self.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(make_call(
      dnnl::binary(chosen), {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, second}, {DNNL_ARG_DST, self.value}},
      chosen.scratchpad_desc()));
}

void Plan::add_sum_backward(int index) {
  const std::vector<int> sources = spec_.sources(index);
  const memory above = node(index).gradient;
  // Gradients are changed in place further down, so each summand needs one of its own.
  const memory copy(above.get_desc(), engine_);
  backward_calls_.push_back(
      make_call(dnnl::reorder(above, copy), {{DNNL_ARG_FROM, above}, {DNNL_ARG_TO, copy}}));
  deliver(sources[0], above);
  deliver(sources[1], copy);
}

void Plan::add_part(int index) {
  Node& self = node(index);
  const auto dims = dims_of(index);
  const auto row = static_cast<memory::dim>(spec_.input.floats());
  const memory within({dims, memory::data_type::f32, {row, dims[2] * dims[3], dims[3], 1}}, engine_,
                      input_buffer_.data() + layer(index).begin);
  self.value = memory(plain(dims), engine_);
  forward_calls_.push_back(
      make_call(dnnl::reorder(within, self.value), {{DNNL_ARG_FROM, within}, {DNNL_ARG_TO, self.value}}));
}

void Plan::add_part_backward(int) {}

void Plan::add_dropout(int index) {
  Node& self = node(index);
  const memory input = value_of(source(index));
  if (mode_ != Mode::kTraining) {
    self.value = input;
    return;
  }
  const auto dims = input.get_desc().dims();
  masks_.push_back({index, std::vector<float>(static_cast<std::size_t>(batch_) * shape_of(index).floats())});
  const memory mask(plain(dims), engine_, masks_.back().values.data());
  self.mask = in_layout(mask, input.get_desc(), forward_calls_);
  const dnnl::binary::primitive_desc chosen(
      {algorithm::binary_mul, input.get_desc(), self.mask.get_desc(), input.get_desc()}, with_scratchpad(),
      engine_);
  self.value = memory(chosen.dst_desc(), engine_);
  forward_calls_.push_back(
      make_call(dnnl::binary(chosen),
                {{DNNL_ARG_SRC_0, input}, {DNNL_ARG_SRC_1, self.mask}, {DNNL_ARG_DST, self.value}},
                chosen.scratchpad_desc()));
}

void Plan::add_dropout_backward(int index) {
  Node& self = node(index);
  if (!wanted(source(index))) return;
  const memory above = in_layout(self.gradient, self.mask.get_desc(), backward_calls_);
  const dnnl::binary::primitive_desc chosen(
      {algorithm::binary_mul, above.get_desc(), self.mask.get_desc(), above.get_desc()}, with_scratchpad(),
      engine_);
  backward_calls_.push_back(make_call(
      dnnl::binary(chosen), {{DNNL_ARG_SRC_0, above}, {DNNL_ARG_SRC_1, self.mask}, {DNNL_ARG_DST, above}},
      chosen.scratchpad_desc()));
  deliver(source(index), above);
}

}  // namespace fl
