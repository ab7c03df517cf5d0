#pragma once
// A leaving model's weights by layer.

#include <algorithm>
#include <span>
#include <string>

#include "trainer/base/check.h"
#include "trainer/exports/leaving_model.h"
#include "trainer/net/param_layout.h"

namespace fl {

// Of what is never negative: extents and indices.
inline std::size_t to_size(int value) {
  return static_cast<std::size_t>(value);
}

class NamedParams {
 public:
  // `model` must outlive it.
  explicit NamedParams(const LeavingModel& model) : model_(model), layout_(ParamLayout::of(model.network)) {}

  // `what`: ".weight", as ParamTensor::name ends. Precondition: the layer has it.
  [[nodiscard]] std::span<const float> of(const LayerSpec& layer, const char* what) const {
    return within(layout_.tensors, model_.params, layer.name + what);
  }
  [[nodiscard]] std::span<const float> statistics_of(const LayerSpec& layer, const char* what) const {
    return within(layout_.statistics, model_.statistics, layer.name + what);
  }

 private:
  static std::span<const float> within(const std::vector<ParamTensor>& tensors, std::span<const float> arena,
                                       const std::string& name) {
    const auto found = std::ranges::find(tensors, name, &ParamTensor::name);
    FL_CHECK(found != tensors.end());
    return arena.subspan(found->offset, found->count);
  }

  const LeavingModel& model_;
  ParamLayout layout_;
};

}  // namespace fl
