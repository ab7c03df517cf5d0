// What a program holds between its passes: images, weights, settings, and all of a training at once.
#include <algorithm>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/cpu_program.h"
#include "trainer/optim/parameter_ranges.h"

namespace fl {

void CpuProgram::set_data(std::vector<float> pixels, std::span<const std::int32_t> labels) {
  FL_CHECK(pixels.size() == labels.size() * spec_.input.floats());
  for (const std::int32_t label : labels) FL_CHECK(label >= 0 && label < spec_.classes);
  images_ = network_->keep(std::move(pixels));
  labels_.assign(labels.begin(), labels.end());
  targets_.set({});
  set_guests({});
}

void CpuProgram::set_targets(std::vector<float> targets) {
  FL_CHECK(targets_.used() && targets.size() == labels_.size() * classes());
  targets_.set(std::move(targets));
}

void CpuProgram::set_guests(std::span<const float> pixels) {
  FL_CHECK(pixels.size() % spec_.input.floats() == 0);
  guests_ = std::vector<float>(pixels.begin(), pixels.end());  // as large as they are, and no larger
}

void CpuProgram::write_params(std::span<const float> params) {
  FL_CHECK(is_arena(params.size()));
  std::ranges::copy(params, params_.begin());
}

void CpuProgram::read_params(std::span<float> params) const {
  FL_CHECK(is_arena(params.size()));
  std::copy_n(params_.begin(), params.size(), params.begin());
}

void CpuProgram::read_gradients(std::span<float> gradients) const {
  FL_CHECK(gradients.size() == gradients_.size());
  std::ranges::copy(gradients_, gradients.begin());
}

void CpuProgram::write_statistics(std::span<const float> statistics) {
  FL_CHECK(statistics.size() == statistics_.size());
  std::ranges::copy(statistics, statistics_.begin());
}

void CpuProgram::reset_statistics() {
  std::ranges::fill(statistics_, 0.0f);
  for (const ParamTensor& tensor : layout_.statistics)
    if (tensor.kind == ParamKind::kScale)  // variances
      std::fill_n(statistics_.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count, 1.0f);
}

void CpuProgram::read_statistics(std::span<float> statistics) const {
  FL_CHECK(statistics.size() == statistics_.size());
  std::ranges::copy(statistics_, statistics.begin());
}

void CpuProgram::set_class_weights(std::span<const float> weights) {
  FL_CHECK(weights.empty() || weights.size() == classes());
  class_weights_.assign(weights.begin(), weights.end());
}

void CpuProgram::set_optimizer(const OptimizerSpec& spec) {
  optimizer_ = spec;
  optimizer_state_.reset(spec, layout_.floats, parameter_ranges(layout_));
}

ProgramState CpuProgram::save_state() const {
  return {.params = {params_.begin(), params_.end()},
          .statistics = statistics_,
          .optimizer_arrays = optimizer_state_.arrays,
          .optimizer_steps = optimizer_state_.steps,
          .updates = updates_};
}

void CpuProgram::restore_state(const ProgramState& state) {
  FL_CHECK(state.params.size() == params_.size());
  FL_CHECK(state.optimizer_arrays.size() == optimizer_state_.arrays.size());
  for (const std::vector<float>& array : state.optimizer_arrays) FL_CHECK(array.size() == layout_.floats);
  FL_CHECK(state.optimizer_steps >= 0 && state.updates >= 0);
  write_params(state.params);
  write_statistics(state.statistics);
  optimizer_state_.arrays = state.optimizer_arrays;
  optimizer_state_.steps = state.optimizer_steps;
  updates_ = state.updates;
}

}  // namespace fl
