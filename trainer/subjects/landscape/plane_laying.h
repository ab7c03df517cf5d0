#pragma once
// Lays the plane that was chosen through a path. Points of the path are its snapshots; the osculating plane
// wants iterates one step apart, which are kept as long as it is chosen.

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/plane_choice.h"
#include "trainer/landscape/trajectory.h"
#include "trainer/net/param_layout.h"

namespace fl {

class PlaneLaying {
 public:
  PlaneLaying(const ParamLayout& layout, const PlaneChoice& choice) : layout_(layout), choice_(choice) {}

  [[nodiscard]] const PlaneChoice& choice() const { return choice_; }
  void choose(const PlaneChoice& choice);
  // Another path begins.
  void forget() { iterates_.clear(); }

  [[nodiscard]] bool wants_iterates() const { return choice_.directions == DirectionKind::kOsculating; }
  // How many of `left` steps may be made before the next iterate is wanted, at least 1.
  [[nodiscard]] std::int64_t steps_to_iterate(std::int64_t left) const;
  // The weights after that step.
  void note_iterate(std::int64_t step, std::vector<float> params);

  // The chosen plane; nothing where the path does not have one yet: it is too short, or straight. `seed`: of
  // random directions; `shown`: the plane before, whose signs are kept.
  [[nodiscard]] std::optional<Plane> lay(const Trajectory& path, std::uint64_t seed,
                                         const Plane* shown) const;
  // Two random directions, whatever is chosen, around these weights.
  [[nodiscard]] Plane random_plane(const std::vector<float>& around, std::uint64_t seed) const;
  // Laid again, it would be the same.
  [[nodiscard]] bool stays(const Plane& shown) const {
    return (choice_.directions == DirectionKind::kRandom || wants_curvature()) &&
           choice_.anchor == PlaneAnchor::kStart && shown.kind == choice_.directions;
  }
  // The plane is not laid here, but found by CurvaturePlane.
  [[nodiscard]] bool wants_curvature() const { return choice_.directions == DirectionKind::kCurvature; }

 private:
  [[nodiscard]] std::optional<Plane> through_points(const std::vector<Snapshot>& path) const;
  [[nodiscard]] std::optional<Plane> osculating(const std::vector<Snapshot>& path) const;

  const ParamLayout& layout_;
  PlaneChoice choice_;
  struct Iterate {
    std::int64_t step = 0;
    std::vector<float> params;
  };
  std::deque<Iterate> iterates_;  // the last three
};

}  // namespace fl
