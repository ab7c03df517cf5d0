// The way back: each layer's calls, from the gradient of its output to those of its inputs and parameters.
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/kernels/layer_sums.h"
#include "trainer/compute/kernels/pool_kernels.h"
#include "trainer/base/check.h"

namespace fl::cuda {

void NetPlan::backward(const Source& source, DevicePtr<float> gradients) {
  FL_CHECK(mode_ == Mode::kTraining);
  for (int i = static_cast<int>(nodes_.size()); i-- > 0;) backward_layer(i, source, gradients);
}

void NetPlan::backward_layer(int index, const Source& source, DevicePtr<float> gradients) {
  const Node& self = node(index);
  if (self.fused) return;
  const LayerSpec& spec = layer(index);
  if (spec.kind == LayerKind::kBatchNorm) return backward_norm(index, source, gradients);
  if (spec.kind == LayerKind::kConvolution || spec.kind == LayerKind::kDepthwise || spec.kind == LayerKind::kDense)
    return backward_linear(index, source, gradients);
  const Stream& stream = lane_.stream;
  const float* above = at(self.gradient).get();
  const auto below_of = [this](int from) { return at(node(from).gradient).get(); };
  const int below = source_of(index);
  if (spec.kind == LayerKind::kAdd) {
    const auto pass_down = [&](int from, bool accumulate) {
      if (from == NetSpec::kImage) return;
      run(stream, floats_of(index),
          kernels::UndoActivation{output(index).get(), above, below_of(from), self.activation, accumulate});
    };
    pass_down(below, self.accumulate);
    pass_down(spec_.sources(index)[1], self.accumulate_second);
    return;
  }
  if (below == NetSpec::kImage) return;  // the image needs no gradient
  switch (spec.kind) {
    case LayerKind::kRelu:
    case LayerKind::kRelu6:
      run(stream, floats_of(index),
          kernels::UndoActivation{output(index).get(), above, below_of(below), self.activation,
                                  self.accumulate});
      break;
    case LayerKind::kMaxPool:
      run(stream, floats_of(below),
          kernels::MaxPoolGradient{above, at(self.chosen).as<const std::int32_t>().get(), below_of(below),
                                   window_of(index), self.accumulate});
      break;
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
      run(stream, floats_of(below),
          kernels::AveragePoolGradient{above, below_of(below), window_of(index), self.accumulate});
      break;
    case LayerKind::kDropout:
      run(stream, floats_of(index),
          kernels::Dropout{above, below_of(below), source.key.get(), index, spec.rate, self.accumulate});
      break;
    default:
      FL_CHECK_MSG(false, "layer {} has no way back", spec.name);
  }
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

void NetPlan::backward_linear(int index, const Source& source, DevicePtr<float> gradients) {
  undo_own_activation(index, tensor(index, ".bias", gradients));
  const Node& self = node(index);
  const int below = source_of(index);
  const DevicePtr<const float> weights = tensor(index, ".weight", source.params);
  const DevicePtr<float> weight_gradient = tensor(index, ".weight", gradients);
  const bool dense = layer(index).kind == LayerKind::kDense;
  if (dense)
    lane_.dense.backward_weights(dense_shape(index), output(below), at(self.gradient), weight_gradient);
  else
    lane_.convolutions.backward_weights(convolution_shape(index), output(below), at(self.gradient),
                                        weight_gradient, workspace());
  if (below == NetSpec::kImage) return;
  const DevicePtr<float> below_gradient = at(node(below).gradient);
  if (dense)
    lane_.dense.backward_input(dense_shape(index), weights, at(self.gradient), below_gradient, self.accumulate);
  else
    lane_.convolutions.backward_input(convolution_shape(index), weights, at(self.gradient), below_gradient,
                                      self.accumulate, workspace());
}

void NetPlan::backward_norm(int index, const Source& source, DevicePtr<float> gradients) {
  const Node& self = node(index);
  const int below = source_of(index);
  const kernels::NormParameters norm = norm_parameters(index, source);
  float* scale_gradient = tensor(index, ".scale", gradients).get();
  float* shift_gradient = tensor(index, ".shift", gradients).get();
  const std::size_t length = batch_ * area_of(index);
  run_sums(lane_.stream, channels_of(index), length, scratch_,
           kernels::NormSums{output(below).get(), output(index).get(), at(self.gradient).get(), norm,
                             scale_gradient, shift_gradient, channel_index(index), self.activation});
  if (below == NetSpec::kImage) return;
  run(lane_.stream, floats_of(index),
      kernels::NormGradient{output(below).get(), at(self.gradient).get(), at(node(below).gradient).get(),
                            norm, scale_gradient, shift_gradient, channels_of(index), area_of(index),
                            static_cast<float>(length), self.accumulate});
}

}  // namespace fl::cuda
