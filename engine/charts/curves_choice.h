#pragma once
// Which curves of the run the card shows, and how.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace fl {

// Loss and accuracy; norms of gradient and update; learning rate; accuracy on the test set by class;
// curvature.
enum class CurvesKind { kLoss, kNorms, kRate, kClasses, kCurvature };
// As scenes and sessions call them.
inline constexpr std::array kCurvesKinds = {"loss", "norms", "rate", "classes", "curvature"};
[[nodiscard]] inline std::optional<CurvesKind> curves_kind(std::string_view name) {
  const auto* found = std::ranges::find(kCurvesKinds, name);
  return found == kCurvesKinds.end() ? std::nullopt
                                     : std::optional(static_cast<CurvesKind>(found - kCurvesKinds.begin()));
}

// Of the loss. Auto: a logarithm where one loss is above kLogLossFrom.
enum class LossAxis { kAuto, kLinear, kLog };

struct CurvesChoice {
  CurvesKind kind = CurvesKind::kLoss;
  LossAxis loss_axis = LossAxis::kAuto;
  bool steps = false;   // the horizontal axis counts steps, not epochs
  bool earlier = true;  // earlier runs of the lesson stay behind loss and accuracy
  bool operator==(const CurvesChoice&) const = default;
};

}  // namespace fl
