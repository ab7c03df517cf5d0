// The way up: each layer's calls.
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/kernels/layer_sums.h"
#include "trainer/compute/kernels/pool_kernels.h"
#include "trainer/base/check.h"

namespace fl::cuda {

void NetPlan::forward(const Source& source, const std::optional<LinearFirst>& first) {
  const int linear_layer = first ? linear_first_layer(spec_) : -1;
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
    if (i != linear_layer) {
      forward_layer(i, source);
      continue;
    }
    run(lane_.stream, floats_of(i),
        kernels::LinearLayer{first->origin.get(), first->along_a.get(), first->along_b.get(),
                             first->cursor.get(), tensor(i, ".bias", source.params).get(), output(i).get(),
                             channels_of(i), area_of(i), node(i).activation});
  }
}

void NetPlan::forward_layer(int index, const Source& source) {
  const Node& self = node(index);
  if (self.fused) return;
  const Stream& stream = lane_.stream;
  const int below = source_of(index);
  const std::size_t floats = floats_of(index);
  switch (layer(index).kind) {
    case LayerKind::kConvolution:
    case LayerKind::kDepthwise:
    case LayerKind::kDense:
      linear(index, source.params, output(below), output(index));
      finish_linear(index, source);
      break;
    case LayerKind::kBatchNorm:
      forward_norm(index, source);
      break;
    case LayerKind::kRelu:
    case LayerKind::kRelu6:
      run(stream, floats, kernels::Activate{output(below).get(), output(index).get(), self.activation});
      break;
    case LayerKind::kMaxPool: {
      auto* chosen = mode_ == Mode::kTraining ? at(self.chosen).as<std::int32_t>().get() : nullptr;
      run(stream, floats,
          kernels::MaxPool{output(below).get(), output(index).get(), chosen, window_of(index)});
      break;
    }
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
      run(stream, floats, kernels::AveragePool{output(below).get(), output(index).get(), window_of(index)});
      break;
    case LayerKind::kAdd:
      run(stream, floats,
          kernels::AddActivate{output(below).get(), output(spec_.sources(index)[1]).get(),
                               output(index).get(), self.activation});
      break;
    case LayerKind::kDropout:
      if (mode_ == Mode::kTraining)
        run(stream, floats,
            kernels::Dropout{output(below).get(), output(index).get(), source.key.get(), index,
                             layer(index).rate, false});
      break;
  }
}

void NetPlan::linear(int index, DevicePtr<const float> params, DevicePtr<const float> images,
                     DevicePtr<float> out) {
  const DevicePtr<const float> weights = tensor(index, ".weight", params);
  if (layer(index).kind == LayerKind::kDense)
    lane_.dense.forward(dense_shape(index), images, weights, out);
  else
    lane_.convolutions.forward(convolution_shape(index), images, weights, out, workspace());
}

void NetPlan::finish_linear(int index, const Source& source) {
  const float* bias = tensor(index, ".bias", source.params).get();
  const kernels::Activation activation = node(index).activation;
  if (bias == nullptr && activation == kernels::Activation::kNone) return;
  run(lane_.stream, floats_of(index),
      kernels::BiasActivation{output(index).get(), bias, channels_of(index), area_of(index), activation});
}

void NetPlan::linear_output(DevicePtr<const float> params, DevicePtr<const float> images,
                            DevicePtr<float> out) {
  linear(linear_first_layer(spec_), params, images, out);
}

void NetPlan::forward_norm(int index, const Source& source) {
  const float* values = output(source_of(index)).get();
  if (mode_ != Mode::kInference) {
    const std::size_t length = batch_ * area_of(index);
    run_sums(lane_.stream, channels_of(index), length, scratch_,
             kernels::NormStatistics{values, tensor(index, ".mean", at(statistics_)).get(),
                                     tensor(index, ".variance", at(statistics_)).get(), channel_index(index),
                                     static_cast<double>(length)});
  }
  run(lane_.stream, floats_of(index),
      kernels::Normalise{values, output(index).get(), norm_parameters(index, source), channels_of(index),
                         area_of(index), node(index).activation});
}

}  // namespace fl::cuda
