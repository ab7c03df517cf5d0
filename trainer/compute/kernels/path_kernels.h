#pragma once
// The path of a training as a device keeps it: a table of points, one for each snapshot of the weights, in no
// order.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "trainer/compute/kernels/plane_kernels.h"
#include "trainer/compute/kernels/step_sums.h"
#include "trainer/seam/frame.h"

namespace fl::kernels {

// A new snapshot's point, before it is projected: all that the last step and the last evaluation left. One
// element.
struct NotePoint {
  StepRing ring;
  Evaluated evaluated;
  std::int64_t step = 0;
  double rate = 0;
  PathPoint* point = nullptr;
  FL_HD void operator()(std::size_t) const {
    const auto before = static_cast<std::size_t>(step - 1);  // from 0
    const double length = step == 0 ? 0 : ring.outcomes[before % ring.size].update_norm;
    *point = {};
    point->real_loss = static_cast<float>(evaluated.totals->loss / evaluated.images);
    point->slice_loss = NAN;
    point->step_length = static_cast<float>(length);
    point->step = static_cast<float>(step);
    point->rate = static_cast<float>(rate);
  }
};

// Of a plane, once.
struct PlaneSums {
  static constexpr int kSums = 3;
  const float *d1 = nullptr, *d2 = nullptr;
  PlaneGram* gram = nullptr;
  FL_HD Sums<3> term(std::size_t, std::size_t i) const {
    const auto u = static_cast<double>(d1[i]), v = static_cast<double>(d2[i]);
    return {{u * u, u * v, v * v}};
  }
  FL_HD void finish(std::size_t, const Sums<3>& total) const {
    *gram = {total.values[0], total.values[1], total.values[2]};
  }
};

// Where snapshots lie in the plane; their slice losses are not known yet. A segment is a snapshot.
struct ProjectSnapshots {
  static constexpr int kSums = 3;
  const float* weights = nullptr;  // [snapshot][float]
  std::size_t floats = 0;
  const float *origin = nullptr, *d1 = nullptr, *d2 = nullptr;
  const PlaneGram* gram = nullptr;
  PathPoint* points = nullptr;
  FL_HD Sums<3> term(std::size_t snapshot, std::size_t i) const {
    const double x = static_cast<double>(weights[snapshot * floats + i]) - static_cast<double>(origin[i]);
    return {{x * static_cast<double>(d1[i]), x * static_cast<double>(d2[i]), x * x}};
  }
  FL_HD void finish(std::size_t snapshot, const Sums<3>& total) const {
    const PlaneCoordinates at = plane_coordinates(*gram, total.values[0], total.values[1], total.values[2]);
    PathPoint& point = points[snapshot];
    point.a = static_cast<float>(at.a);
    point.b = static_cast<float>(at.b);
    point.off_plane = static_cast<float>(at.off_plane);
    point.slice_loss = NAN;
  }
};

// Places in the table, by value, because a launch carries them without a copy that would have to be waited
// for.
struct PointPlaces {
  static constexpr std::size_t kMost = 512;
  std::uint16_t at[kMost] = {};
};

// Losses of the slice at some points. One that is not finite must differ from one that is not known yet.
struct SetSliceLosses {
  PathPoint* points = nullptr;
  const double* losses = nullptr;
  PointPlaces places;
  FL_HD void operator()(std::size_t i) const {
    const double loss = losses[i];
    points[places.at[i]].slice_loss = loss - loss == 0 ? static_cast<float>(loss) : HUGE_VALF;
  }
};

// The path in its order.
struct AssemblePath {
  const PathPoint* points = nullptr;
  PathPoint* out = nullptr;
  PointPlaces places;
  FL_HD void operator()(std::size_t i) const { out[i] = points[places.at[i]]; }
};

}  // namespace fl::kernels
