// The way back: each layer's calls, from the gradient of its output to those of its inputs and parameters.
#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/kernels/layer_sums.h"
#include "trainer/compute/kernels/pool_kernels.h"

namespace fl::cuda {

void NetPlan::backward(const Source& source, DevicePtr<float> gradients) {
  FL_CHECK(mode_ == Mode::kTraining);
  scatter_gradients();
  for (int i = static_cast<int>(nodes_.size()) - 1; i > layout_.ends_at.value_or(NetSpec::kImage); --i)
    if (!node(i).fused && wanted(i)) (this->*steps_of(layer(i).kind).backward)(i, source, gradients);
}

void NetPlan::scatter_gradients() {
  const auto row = static_cast<std::size_t>(spec_.classes);
  std::size_t begin = 0;
  for (const OutputSpec& one : spec_.outputs) {
    const std::size_t part = shape_of(one.layer).floats();
    if (wanted(one.layer))
      run(lane_.stream, batch_ * part,
          kernels::CopyRows{at(row_gradients_ + begin).get(), at(node(one.layer).gradient).get(), part, row,
                            part});
    begin += part;
  }
}

// Through what this layer's last kernel applied, where anybody below wants it.
void NetPlan::pass_down(int index, int from, bool accumulate) {
  if (!wanted(from)) return;
  const Node& self = node(index);
  run(lane_.stream, floats_of(index),
      kernels::UndoActivation{output(index).get(), at(self.gradient).get(), gradient(from).get(),
                              self.activation, accumulate});
}

void NetPlan::backward_activation(int index, const Source&, DevicePtr<float>) {
  pass_down(index, source_of(index), node(index).accumulate);
}

void NetPlan::backward_sum(int index, const Source&, DevicePtr<float>) {
  const std::vector<int> sources = spec_.sources(index);
  pass_down(index, sources[0], node(index).accumulate);
  pass_down(index, sources[1], node(index).accumulate_second);
}

void NetPlan::backward_part(int, const Source&, DevicePtr<float>) {}

void NetPlan::backward_pool(int index, const Source&, DevicePtr<float>) {
  const int from = source_of(index);
  if (!wanted(from)) return;
  const Node& self = node(index);
  const float* above = at(self.gradient).get();
  float* below = gradient(from).get();
  if (layer(index).kind == LayerKind::kMaxPool)
    run(lane_.stream, floats_of(from),
        kernels::MaxPoolGradient{above, at(self.chosen).as<const std::int32_t>().get(), below,
                                 window_of(index), self.accumulate});
  else
    run(lane_.stream, floats_of(from),
        kernels::AveragePoolGradient{above, below, window_of(index), self.accumulate});
}

void NetPlan::backward_dropout(int index, const Source& source, DevicePtr<float>) {
  const int from = source_of(index);
  if (!wanted(from)) return;
  run(lane_.stream, floats_of(index),
      kernels::Dropout{at(node(index).gradient).get(), gradient(from).get(), source.key.get(), index,
                       layer(index).rate, node(index).accumulate});
}

void NetPlan::undo_own_activation(int index, DevicePtr<float> bias_gradient) {
  const Node& self = node(index);
  if (bias_gradient) {
    run_sums(lane_.stream, channels_of(index), batch_ * area_of(index), scratch_,
             kernels::BiasGradient{output(index).get(), at(self.gradient).get(), bias_gradient.get(),
                                   channel_index(index), self.activation});
  } else if (self.activation != kernels::Activation::kNone) {
    float* gradient = at(self.gradient).get();
    run(lane_.stream, floats_of(index),
        kernels::UndoActivation{output(index).get(), gradient, gradient, self.activation, false});
  }
}

void NetPlan::backward_convolution(int index, const Source& source, DevicePtr<float> gradients) {
  const bool frozen = layer(index).frozen;
  undo_own_activation(index, frozen ? DevicePtr<float>() : tensor(index, ".bias", gradients));
  const Node& self = node(index);
  const int below = source_of(index);
  const DevicePtr<const float> weights = tensor(index, ".weight", source.params);
  const bool dense = layer(index).kind == LayerKind::kDense;
  if (!frozen) {
    const DevicePtr<float> weight_gradient = tensor(index, ".weight", gradients);
    if (dense)
      lane_.dense.backward_weights(dense_shape(index), output(below), at(self.gradient), weight_gradient);
    else
      lane_.convolutions.backward_weights(convolution_shape(index),
                                          pads(index) ? at(self.padded) : output(below), at(self.gradient),
                                          weight_gradient, workspace());
  }
  if (!wanted(below)) return;
  const DevicePtr<float> below_gradient = gradient(below);
  if (dense)
    return lane_.dense.backward_input(dense_shape(index), weights, at(self.gradient), below_gradient,
                                      self.accumulate);
  if (!pads(index))
    return lane_.convolutions.backward_input(convolution_shape(index), weights, at(self.gradient),
                                             below_gradient, self.accumulate, workspace());
  const DevicePtr<float> padded = at(self.padded_gradient);
  lane_.convolutions.backward_input(convolution_shape(index), weights, at(self.gradient), padded, false,
                                    workspace());
  run(lane_.stream, floats_of(below),
      kernels::PadGradient{padded.get(), below_gradient.get(), margins_of(index), self.accumulate});
}

void NetPlan::backward_dense(int index, const Source& source, DevicePtr<float> gradients) {
  backward_convolution(index, source, gradients);
}

void NetPlan::backward_norm(int index, const Source& source, DevicePtr<float> gradients) {
  const Node& self = node(index);
  const int below = source_of(index);
  const kernels::NormParameters norm = norm_parameters(index, source);
  float *scale_gradient = nullptr, *shift_gradient = nullptr;
  const std::size_t length = batch_ * area_of(index);
  if (layer(index).frozen) {
    undo_own_activation(index, {});
  } else {
    scale_gradient = tensor(index, ".scale", gradients).get();
    shift_gradient = tensor(index, ".shift", gradients).get();
    run_sums(lane_.stream, channels_of(index), length, scratch_,
             kernels::NormSums{output(below).get(), output(index).get(), at(self.gradient).get(), norm,
                               scale_gradient, shift_gradient, channel_index(index), self.activation});
  }
  if (!wanted(below)) return;
  run(lane_.stream, floats_of(index),
      kernels::NormGradient{output(below).get(), at(self.gradient).get(), gradient(below).get(), norm,
                            scale_gradient, shift_gradient, channels_of(index), area_of(index),
                            static_cast<float>(length), self.accumulate});
}

}  // namespace fl::cuda
