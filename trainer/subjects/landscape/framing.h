#pragma once
// Makes the surfaces of a plane that is laid: over which images, and in which scale they are refined.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane_choice.h"
#include "trainer/subjects/landscape/framed_plane.h"
#include "trainer/subjects/training.h"

namespace fl {

class Framing {
 public:
  explicit Framing(Training& training);

  // Nothing is evaluated of it yet.
  [[nodiscard]] FramedPlane frame(Plane plane);
  // It has other images, or another grid, than a plane would have that is laid now.
  [[nodiscard]] bool differs(const FramedPlane& shown) const;
  // What the path is measured by on a plane that is laid now.
  [[nodiscard]] std::vector<std::int32_t> path_probe() const { return probe(test_in_colour()); }

  [[nodiscard]] SurfaceSets surfaces() const { return surfaces_; }
  [[nodiscard]] int probe_images() const { return probe_images_; }
  [[nodiscard]] int grid_side() const { return grid_side_; }
  // Whether that is another choice.
  bool choose(SurfaceSets surfaces);
  bool choose_probe(int images);
  bool choose_grid(int side);
  // If not called, each surface decides for itself.
  void choose(LossScale scale) { scale_ = scale; }

  // Of a surface, or of one that was turned round.
  [[nodiscard]] std::uint64_t next_id() { return ++ids_; }
  // The small probe of a plane that is laid now: `count` images of `probe` (small_probe.h).
  [[nodiscard]] std::vector<std::int32_t> small_probe_of(std::span<const std::int32_t> probe,
                                                         std::size_t count);

 private:
  [[nodiscard]] bool has_test() const { return !training_.split().test.empty(); }
  [[nodiscard]] bool test_in_colour() const { return surfaces_ == SurfaceSets::kTest && has_test(); }
  [[nodiscard]] bool test_as_glass() const { return surfaces_ == SurfaceSets::kBoth && has_test(); }
  [[nodiscard]] std::vector<std::int32_t> probe(bool of_test) const;
  [[nodiscard]] ProbedGrid grid(const Plane& plane, bool of_test);

  Training& training_;
  SurfaceSets surfaces_;
  int probe_images_, grid_side_;
  std::optional<LossScale> scale_;
  std::uint64_t ids_ = 0;
};

}  // namespace fl
