#pragma once
// The plane in which the loss bends up the most and down the most at some weights: through the eigenvectors
// of the largest and of the smallest eigenvalue of the Hessian. A random plane hardly ever shows a saddle
// (Li et al. 2018, section 6); this one does where there is one. Found one product at a time, so that the
// training goes on between two of them.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/plane_choice.h"
#include "trainer/subjects/curvature/curvature_work.h"

namespace fl {

// `wanted`; but where it is of curvature, to which the network has no way, says so and gives `instead`.
[[nodiscard]] PlaneChoice possible_plane(const PlaneChoice& wanted, const NetSpec& network,
                                         const PlaneChoice& instead);

class CurvaturePlane {
 public:
  // At `weights`, as snapshots have them, over up to kImages images of `probe`. Precondition:
  // check_tangents() of the training's network has no error.
  CurvaturePlane(Training& training, std::vector<float> weights, std::span<const std::int32_t> probe);

  static constexpr std::size_t kImages = 64;
  // One product. False: there was nothing left to do.
  bool work();
  [[nodiscard]] bool done() const { return lanczos_.done(); }
  // So many at most.
  [[nodiscard]] std::size_t products_left() const;
  // Its origin are the weights; along each axis it reaches as far as a bend like that at the origin changes
  // the loss by twice what it is there, but no further than half of the weights' own length. The signs are
  // those of `shown`, where that is such a plane, too. Nothing where the weights give no numbers.
  [[nodiscard]] std::optional<Plane> plane(const Plane* shown) const;

 private:
  std::vector<float> weights_;
  CurvatureProbe probe_;
  Hessian<float> hessian_;
  Lanczos lanczos_;
  std::vector<double> product_;
  double loss_ = 0;
};

}  // namespace fl
