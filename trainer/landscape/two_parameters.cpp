#include "trainer/landscape/two_parameters.h"

#include <cmath>
#include <numbers>

namespace fl {
namespace {

constexpr double square(double v) {
  return v * v;
}

// depth * exp(-((x - x0)^2 + (s - s0)^2) / 0.2) with s = 1.4 z, and its gradient added to `slope`.
struct Well {
  double depth, x0, s0;
};
constexpr double kStretch = 1.4;
constexpr double kWidth = 0.2;

double well_value(const Well& well, const TwoParameters& at) {
  return well.depth * std::exp(-(square(at[0] - well.x0) + square(kStretch * at[1] - well.s0)) / kWidth);
}

template <std::size_t n>
double wells_in_bowl(const std::array<Well, n>& wells, const TwoParameters& at) {
  double sum = square(at[0]) + square(kStretch * at[1]);
  for (const Well& well : wells) sum += well_value(well, at);
  return sum;
}

template <std::size_t n>
TwoParameters slope_of_wells(const std::array<Well, n>& wells, const TwoParameters& at) {
  TwoParameters slope{2 * at[0], 2 * square(kStretch) * at[1]};
  for (const Well& well : wells) {
    const double here = well_value(well, at) * -2 / kWidth;
    slope[0] += here * (at[0] - well.x0);
    slope[1] += here * (kStretch * at[1] - well.s0) * kStretch;
  }
  return slope;
}

constexpr std::array<Well, 2> kLocalMinimum{{{-2, 1, 0}, {-6, -1, 0}}};
constexpr std::array<Well, 3> kHills{{{2, 1, 0}, {6, -1, 0}, {-2, 1, -1}}};

double bowl_value(const TwoParameters& at) {
  const double x = at[0] / 2, z = at[1] / 2;
  return -std::exp(-(x * x + 5 * z * z)) + x * x + 0.5 * z * z;
}
TwoParameters bowl_gradient(const TwoParameters& at) {
  const double x = at[0] / 2, z = at[1] / 2, dip = std::exp(-(x * x + 5 * z * z));
  return {x * dip + x, 5 * z * dip + 0.5 * z};
}

// -sin r / r + r^2 / 100 with r = 10 |(x, z)| + 0.01.
constexpr double kPlateauScale = 10, kPlateauOffset = 0.01;

double plateau_value(const TwoParameters& at) {
  const double r = kPlateauScale * std::hypot(at[0], at[1]) + kPlateauOffset;
  return -std::sin(r) / r + 0.01 * r * r;
}
TwoParameters plateau_gradient(const TwoParameters& at) {
  const double distance = std::hypot(at[0], at[1]);
  if (distance == 0) return {0, 0};
  const double r = kPlateauScale * distance + kPlateauOffset;
  const double outward = (std::sin(r) - r * std::cos(r)) / (r * r) + 0.02 * r;
  return {kPlateauScale * outward * at[0] / distance, kPlateauScale * outward * at[1] / distance};
}

// Rosenbrock's valley (1960), a hundredth as high.
double valley_value(const TwoParameters& at) {
  return 0.01 * square(1 - at[0]) + square(at[1] - square(at[0]));
}
TwoParameters valley_gradient(const TwoParameters& at) {
  const double off = at[1] - square(at[0]);
  return {-0.02 * (1 - at[0]) - 4 * at[0] * off, 2 * off};
}

// Rastrigin's egg box (1974) over [-5.12, 5.12]^2.
constexpr double kBoxScale = 2.56, kBoxDepth = 10, kTurn = 2 * std::numbers::pi;

double box_value(const TwoParameters& at) {
  double sum = 0;
  for (const double v : at) sum += square(kBoxScale * v) + kBoxDepth * (1 - std::cos(kTurn * kBoxScale * v));
  return sum;
}
TwoParameters box_gradient(const TwoParameters& at) {
  const auto along = [](double v) {
    return kBoxScale * (2 * kBoxScale * v + kBoxDepth * kTurn * std::sin(kTurn * kBoxScale * v));
  };
  return {along(at[0]), along(at[1])};
}

// Himmelblau's four minima (1972) over [-5, 5]^2.
constexpr double kFourScale = 2.5;

double four_value(const TwoParameters& at) {
  const double x = kFourScale * at[0], z = kFourScale * at[1];
  return square(x * x + z - 11) + square(x + z * z - 7);
}
TwoParameters four_gradient(const TwoParameters& at) {
  const double x = kFourScale * at[0], z = kFourScale * at[1];
  const double first = x * x + z - 11, second = x + z * z - 7;
  return {kFourScale * (4 * x * first + 2 * second), kFourScale * (2 * first + 4 * z * second)};
}

constexpr TwoParameters kLow{-2, -2}, kHigh{2, 2}, kStart{1.5, 1.5};

}  // namespace

const std::vector<TwoParameterSurface>& two_parameter_surfaces() {
  using At = const TwoParameters&;
  static const std::vector<TwoParameterSurface> surfaces = {
      {"local-minimum", "Local minimum", kLow, kHigh, kStart, 300,
       {0.01, 0.01, 0.2, 0.02, 0.05, 0.02},
       [](At at) { return wells_in_bowl(kLocalMinimum, at); },
       [](At at) { return slope_of_wells(kLocalMinimum, at); }},
      {"global-minimum", "Global minimum", kLow, kHigh, {1.5, 1.1}, 200,
       {0.01, 0.01, 0.2, 0.02, 0.05, 0.02},
       [](At at) { return square(at[0]) + square(at[1]); },
       [](At at) { return TwoParameters{2 * at[0], 2 * at[1]}; }},
      {"saddle-point", "Saddle point", kLow, kHigh, kStart, 300,
       {0.01, 0.01, 0.2, 0.02, 0.05, 0.02},
       [](At at) { return std::sin(at[0]) + square(at[1]); },
       [](At at) { return TwoParameters{std::cos(at[0]), 2 * at[1]}; }},
      {"ecliptic-bowl", "Ecliptic bowl", kLow, kHigh, kStart, 300,
       {0.02, 0.02, 0.2, 0.02, 0.05, 0.04}, bowl_value, bowl_gradient},
      {"hills", "Hills", kLow, kHigh, {1.7, 1.2}, 300,
       {0.008, 0.015, 0.2, 0.02, 0.05, 0.02},
       [](At at) { return wells_in_bowl(kHills, at); },
       [](At at) { return slope_of_wells(kHills, at); }},
      {"plateau", "Plateau", kLow, kHigh, {1.5, 1.2}, 300,
       {0.002, 0.002, 0.2, 0.02, 0.05, 0.005}, plateau_value, plateau_gradient},
      {"rosenbrock", "Rosenbrock's valley", {-2, -1}, {2, 3}, {-1.5, 1.5}, 400,
       {0.1, 0.08, 0.8, 0.04, 0.15, 0.2}, valley_value, valley_gradient},
      {"rastrigin", "Rastrigin's egg box", kLow, kHigh, {1.45, 1.3}, 300,
       {0.0004, 0.0008, 0.4, 0.03, 0.12, 0.0008}, box_value, box_gradient},
      {"himmelblau", "Himmelblau's four minima", kLow, kHigh, {-0.1, -0.2}, 200,
       {0.0005, 0.0005, 0.2, 0.02, 0.04, 0.001}, four_value, four_gradient},
  };
  return surfaces;
}

const std::vector<std::string>& two_parameter_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const TwoParameterSurface& surface : two_parameter_surfaces()) all.emplace_back(surface.name);
    return all;
  }();
  return names;
}

const TwoParameterSurface* find_two_parameter_surface(const std::string& name) {
  for (const TwoParameterSurface& surface : two_parameter_surfaces())
    if (name == surface.name) return &surface;
  return nullptr;
}

}  // namespace fl
