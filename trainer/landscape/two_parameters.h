#pragma once
// Surfaces of two parameters: losses that need no network, so that a lecture's first five minutes can show
// what an optimizer does before anything hides it. Each has an analytic gradient and starting rates under
// which the optimizers part ways.
//
// One row each in two_parameters.cpp. The formulas of the first six are those of lilipads' "Gradient Descent
// Viz"; the others are classics, brought into the same square.

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/optim/optimizer.h"

namespace fl {

using TwoParameters = std::array<double, 2>;
inline constexpr double kFarthestStart = 100;  // of either parameter, that somebody may ask for

struct TwoParameterSurface {
  std::string name;         // in scenes: "saddle-point"; empty: own_surface() made it
  std::string label;        // on screen: "Saddle point"
  TwoParameters low, high;  // what is drawn
  TwoParameters start;
  int steps;  // until the slowest method has shown what it does
  SurfaceRates rates;
  std::function<double(const TwoParameters& at)> value;
  std::function<TwoParameters(const TwoParameters& at)> gradient;

  [[nodiscard]] double rate_of(OptimizerKind kind) const { return rates.*optimizer_info(kind).surface_rate; }
};

const std::vector<TwoParameterSurface>& two_parameter_surfaces();
const std::vector<std::string>& two_parameter_names();
// Null where there is none of that name.
const TwoParameterSurface* find_two_parameter_surface(const std::string& name);

}  // namespace fl
