#pragma once
// Evaluates the losses of a framed plane with a program, which holds one slice at a time: for whoever shows a
// landscape, around one training or under several.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/compute/slice_evaluator.h"
#include "trainer/subjects/landscape/framed_plane.h"

namespace fl {

class GridWork {
 public:
  explicit GridWork(SliceEvaluator& slices) : slices_(slices) {}

  // The program was given another slice meanwhile.
  void forget() { loaded_ = {}; }
  // Losses of points of the plane over the grid's whole probe, or over the small one.
  void evaluate(const Plane& plane, const ProbedGrid& grid, bool whole, std::span<const SlicePoint> points,
                std::span<double> losses);

  // What one call evaluated.
  struct Done {
    std::size_t points = 0;      // the time it took, in points of the whole probe; 0: nothing was left
    ProbedGrid* grid = nullptr;  // whose cells they are
    std::vector<Surface::Cell> cells{};
    Surface::Change change{};
  };
  // Evaluates the next cells of the plane, for as long as `points` of the whole probe take.
  Done evaluate_next(FramedPlane& framed, std::size_t points);

 private:
  SliceEvaluator& slices_;
  // What the program holds: the plane of a grid, and which of its probes.
  struct Loaded {
    std::uint64_t grid = 0;
    bool whole = true;
    bool operator==(const Loaded&) const = default;
  } loaded_;
};

}  // namespace fl
