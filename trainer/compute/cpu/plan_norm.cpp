// Batch norm: batch statistics in training and, for landscape points, from the probe itself; running ones in
// inference, and always where it is frozen.
#include "trainer/base/check.h"
#include "trainer/compute/cpu/dnnl_helpers.h"
#include "trainer/compute/cpu/plan.h"

namespace fl {

using dnnl::memory;
using dnnl::normalization_flags;
using namespace dnnl_helpers;

void Plan::add_norm(int index) {
  Node& self = node(index);
  const memory input = value_of(source(index));
  auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
  const bool running = mode_ == Mode::kInference || layer(index).frozen;
  if (running) flags |= normalization_flags::use_global_stats;
  if (fuse(index, LayerKind::kRelu)) flags |= normalization_flags::fuse_norm_relu;
  self.norm = {{forward_kind(), input.get_desc(), static_cast<float>(layer(index).epsilon), flags},
               with_scratchpad(),
               engine_};
  const memory::dims dims{shape_of(index).channels};
  self.value = memory(self.norm.dst_desc(), engine_);
  self.weights = parameter(tensor(index, ".scale"), dims, plain(dims));
  self.shift = parameter(tensor(index, ".shift"), dims, plain(dims));
  self.running_mean = &tensor(index, ".mean");
  self.running_variance = &tensor(index, ".variance");
  Arguments arguments = {{DNNL_ARG_SRC, input},
                         {DNNL_ARG_DST, self.value},
                         {DNNL_ARG_SCALE, self.weights},
                         {DNNL_ARG_SHIFT, self.shift}};
  if (running) {
    self.mean = parameter(*self.running_mean, dims, self.norm.mean_desc(), true);
    self.variance = parameter(*self.running_variance, dims, self.norm.variance_desc(), true);
  } else if (mode_ == Mode::kTraining) {
    self.mean = memory(self.norm.mean_desc(), engine_);
    self.variance = memory(self.norm.variance_desc(), engine_);
  }
  if (self.mean) {
    arguments.emplace_back(DNNL_ARG_MEAN, self.mean);
    arguments.emplace_back(DNNL_ARG_VARIANCE, self.variance);
  }
  if (mode_ == Mode::kTraining && self.norm.workspace_desc().get_size() > 0) {
    self.workspace = memory(self.norm.workspace_desc(), engine_);
    arguments.emplace_back(DNNL_ARG_WORKSPACE, self.workspace);
  }
  forward_calls_.push_back(
      make_call(dnnl::batch_normalization_forward(self.norm), arguments, self.norm.scratchpad_desc()));
}

void Plan::add_norm_backward(int index) {
  Node& self = node(index);
  const memory input = value_of(source(index));
  auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
  if (self.workspace) flags |= normalization_flags::fuse_norm_relu;
  const bool frozen = layer(index).frozen;
  if (frozen) flags |= normalization_flags::use_global_stats;
  const dnnl::batch_normalization_backward::primitive_desc chosen(
      {dnnl::prop_kind::backward, self.value.get_desc(), input.get_desc(),
       static_cast<float>(layer(index).epsilon), flags},
      with_scratchpad(), engine_, self.norm);
  const memory::dims dims{shape_of(index).channels};
  const memory below(chosen.diff_src_desc(), engine_);
  const memory scale_gradient(plain(dims), engine_), shift_gradient(plain(dims), engine_);
  Arguments arguments = {
      {DNNL_ARG_SRC, input},
      {DNNL_ARG_MEAN, self.mean},
      {DNNL_ARG_VARIANCE, self.variance},
      {DNNL_ARG_SCALE, self.weights},
      {DNNL_ARG_SHIFT, self.shift},
      {DNNL_ARG_DIFF_DST, in_layout(self.gradient, chosen.diff_dst_desc(), backward_calls_)},
      {DNNL_ARG_DIFF_SRC, below},
      {DNNL_ARG_DIFF_SCALE, scale_gradient},
      {DNNL_ARG_DIFF_SHIFT, shift_gradient}};
  if (self.workspace) arguments.emplace_back(DNNL_ARG_WORKSPACE, self.workspace);
  backward_calls_.push_back(
      make_call(dnnl::batch_normalization_backward(chosen), arguments, chosen.scratchpad_desc()));
  // oneDNN has no way back that leaves these out; a frozen norm's go nowhere.
  if (!frozen) {
    gradient(tensor(index, ".scale"), dims, scale_gradient);
    gradient(tensor(index, ".shift"), dims, shift_gradient);
  }
  deliver(source(index), below);
}

void Plan::update_statistics(std::span<float> statistics) const {
  FL_CHECK(mode_ == Mode::kTraining && statistics.size() == layout_.statistic_floats);
  for (std::size_t l = 0; l < nodes_.size(); ++l) {
    const LayerSpec& spec = spec_.layers[l];
    if (spec.kind != LayerKind::kBatchNorm || spec.frozen) continue;
    const Node& norm = nodes_[l];
    const TensorShape shape = shapes_[l];
    const auto keep = static_cast<float>(spec.momentum);
    const float values = static_cast<float>(batch_ * shape.height * shape.width);
    const float unbiased = values > 1 ? values / (values - 1) : 1.0f;
    const auto blend = [&](const ParamTensor& running, const memory& batch, float factor) {
      const auto* fresh = static_cast<const float*>(batch.get_data_handle());
      for (std::size_t c = 0; c < running.count; ++c) {
        float& value = statistics[running.offset + c];
        value = keep * value + (1 - keep) * factor * fresh[c];
      }
    };
    blend(*norm.running_mean, norm.mean, 1.0f);
    blend(*norm.running_variance, norm.variance, unbiased);
  }
}

}  // namespace fl
