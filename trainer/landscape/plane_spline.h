#pragma once
// Splines over a plane with the radial function r^5 and a quadratic (polyharmonic; Duchon 1977), through any
// values at the same places, and what they tell of their own error: each value is left out in turn and
// predicted from the others (Rippa 1999 gets all of these from one inverse).

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace fl {

// From -1 to 1 over the plane, x along a and y along b.
struct SurfacePlace {
  double x = 0, y = 0;
};

[[nodiscard]] double squared_distance(const SurfacePlace& one, const SurfacePlace& other);

// The three of some places that are nearest to another one, the nearest first; squared distances.
struct NearPlaces {
  std::array<double, 3> squared = {kFar, kFar, kFar};
  std::array<std::size_t, 3> which{};

  static constexpr double kFar = std::numeric_limits<double>::infinity();
  void add(double squared_distance, std::size_t place);
};

struct PlaneSpline {
  std::vector<double> weights;   // one a place
  double polynomial[6] = {};     // of 1, x, y, x^2, xy, y^2
  std::vector<double> left_out;  // what the others say of each value
};

class SplineSystem {
 public:
  // Nothing where there are too few places to tell a quadratic, or they lie on one.
  [[nodiscard]] static std::optional<SplineSystem> of(std::vector<SurfacePlace> places);

  // One value a place.
  [[nodiscard]] PlaneSpline through(std::span<const double> values) const;
  [[nodiscard]] std::span<const SurfacePlace> places() const { return places_; }
  // The median. Precondition: there are some.
  [[nodiscard]] static double usual(std::vector<double> values);
  // What is to be added to that, because three near places may be told well by chance: a part of what places
  // are usually missed by, less close to one of the system's.
  [[nodiscard]] double usual_doubt(const NearPlaces& near, double usual_miss) const;
  // What is left of the misses of the three places near by: the less, the nearer a place lies to one of them
  // than they lie to each other. By place; 0 at one of the system's own. `misses`: one a place of the system.
  [[nodiscard]] double doubt(const NearPlaces& near, std::span<const double> misses) const;

 private:
  SplineSystem() = default;

  std::vector<SurfacePlace> places_;
  std::vector<double> spacing_;  // of each, to the nearest other one
  double usual_spacing_ = 0;     // the median of those
  std::vector<double> inverse_;  // of the system's matrix, [places + 6][places + 6]
};

}  // namespace fl
