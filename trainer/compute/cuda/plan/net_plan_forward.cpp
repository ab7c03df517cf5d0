// The way up: each layer's calls.
#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/kernels/layer_sums.h"
#include "trainer/compute/kernels/pool_kernels.h"

namespace fl::cuda {

void NetPlan::forward(const Source& source, const std::optional<LinearFirst>& first) {
  const int linear_layer = first ? linear_first_layer(spec_) : -1;
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
    if (i != linear_layer) {
      if (!node(i).fused) (this->*steps_of(layer(i).kind).forward)(i, source);
      continue;
    }
    run(lane_.stream, floats_of(i),
        kernels::LinearLayer{first->origin.get(), first->along_a.get(), first->along_b.get(),
                             first->cursor.get(), tensor(i, ".bias", source.params).get(), output(i).get(),
                             channels_of(i), area_of(i), node(i).activation});
  }
  gather_outputs();
}

void NetPlan::gather_outputs() {
  const auto row = static_cast<std::size_t>(spec_.classes);
  std::size_t begin = 0;
  for (const OutputSpec& one : spec_.outputs) {
    const std::size_t part = shape_of(one.layer).floats();
    run(lane_.stream, batch_ * part,
        kernels::CopyRows{output(one.layer).get(), at(rows_ + begin).get(), part, part, row});
    begin += part;
  }
}

void NetPlan::forward_convolution(int index, const Source& source) {
  linear(index, source.params, output(source_of(index)), output(index));
  finish_linear(index, source);
}

void NetPlan::forward_dense(int index, const Source& source) {
  forward_convolution(index, source);
}

void NetPlan::forward_activation(int index, const Source&) {
  run(lane_.stream, floats_of(index),
      kernels::Activate{output(source_of(index)).get(), output(index).get(), node(index).activation});
}

void NetPlan::forward_pool(int index, const Source&) {
  const float* below = output(source_of(index)).get();
  float* out = output(index).get();
  if (layer(index).kind != LayerKind::kMaxPool)
    return run(lane_.stream, floats_of(index), kernels::AveragePool{below, out, window_of(index)});
  auto* chosen =
      mode_ == Mode::kTraining && wanted(index) ? at(node(index).chosen).as<std::int32_t>().get() : nullptr;
  run(lane_.stream, floats_of(index), kernels::MaxPool{below, out, chosen, window_of(index)});
}

void NetPlan::forward_sum(int index, const Source&) {
  const std::vector<int> sources = spec_.sources(index);
  run(lane_.stream, floats_of(index),
      kernels::AddActivate{output(sources[0]).get(), output(sources[1]).get(), output(index).get(),
                           node(index).activation});
}

void NetPlan::forward_part(int index, const Source&) {
  const std::size_t part = shape_of(index).floats();
  run(lane_.stream, batch_ * part,
      kernels::CopyRows{input().get() + layer(index).begin, output(index).get(), part, spec_.input.floats(),
                        part});
}

void NetPlan::forward_dropout(int index, const Source& source) {
  if (mode_ != Mode::kTraining) return;
  run(lane_.stream, floats_of(index),
      kernels::Dropout{output(source_of(index)).get(), output(index).get(), source.key.get(), index,
                       layer(index).rate, false});
}

void NetPlan::linear(int index, DevicePtr<const float> params, DevicePtr<const float> images,
                     DevicePtr<float> out) {
  const DevicePtr<const float> weights = tensor(index, ".weight", params);
  if (layer(index).kind == LayerKind::kDense)
    return lane_.dense.forward(dense_shape(index), images, weights, out);
  if (pads(index)) {
    const DevicePtr<float> padded = at(node(index).padded);
    run(lane_.stream, padded_floats(index), kernels::Pad{images.get(), padded.get(), margins_of(index)});
    images = padded;
  }
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
  if (from_batch(index)) {
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
