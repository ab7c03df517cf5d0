#pragma once
// A slider over the exponent of a number, because Dear ImGui's own logarithmic slider stops at the last digit
// that it prints.

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

namespace fl {

// Powers of ten between which rates are chosen by hand.
inline constexpr float kSlowRate = -6, kFastRate = 1;

// Between these powers of ten; so wide, in pixels. True when the viewer changed `value`, which has two digits
// then: more no hand can mean.
inline bool log_slider(const char* id, float width, float low, float high, double& value) {
  auto exponent = static_cast<float>(std::log10(std::max(value, 1e-300)));
  ImGui::SetNextItemWidth(width);
  if (!ImGui::SliderFloat(id, &exponent, low, high, "", ImGuiSliderFlags_NoInput)) return false;
  value = std::stod(fmt::format("{:.1e}", std::pow(10.0, static_cast<double>(exponent))));
  return true;
}

}  // namespace fl
