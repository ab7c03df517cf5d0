#pragma once
// Heights as they are drawn, linear or logarithmic in the loss; an error of heights is in their units.

#include <array>

namespace fl {

enum class LossScale { kLinear, kLog };
inline constexpr std::array kLossScales = {LossScale::kLinear, LossScale::kLog};

[[nodiscard]] constexpr const char* loss_scale_name(LossScale scale) {
  return scale == LossScale::kLog ? "log" : "linear";
}

}  // namespace fl
