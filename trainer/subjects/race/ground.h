#pragma once
// The landscape of one of a race's networks: its plane, what is known of the surface over it, and who
// evaluates that.

#include <cstddef>
#include <functional>
#include <memory>

#include "trainer/subjects/landscape/framed_plane.h"
#include "trainer/subjects/landscape/framing.h"
#include "trainer/subjects/landscape/grid_work.h"
#include "trainer/subjects/training.h"

namespace fl {

// Whether weights of the one mean the same in the other: they may differ in what does nothing once a network
// is evaluated.
[[nodiscard]] bool same_network(const Training& one, const Training& other);

class Ground {
 public:
  // Of the network and the images of `training`, which must outlive it. Not laid yet.
  explicit Ground(Training& training) : framing_(training), grids_(training.program()) {}

  // Nothing is evaluated of it. `test`: with the test set's surface, where the scene asks for it.
  void lay(Plane plane, bool test);
  // Evaluates enough of it to be shown. False: `go_on`, which may be empty, said no.
  bool prepare(const std::function<bool()>& go_on);
  // Up to `points` landscape points of what is left; how many.
  std::size_t work(std::size_t points);
  // Turns it round where its lower half lies in front. True: it was.
  bool turn_lower_half_back();
  void choose(LossScale scale);

  // Precondition of all that follow: it is laid.
  [[nodiscard]] const FramedPlane& framed() const { return *framed_; }
  [[nodiscard]] const Plane& plane() const { return framed_->plane; }
  [[nodiscard]] const Surface& surface() const { return framed_->train.surface; }
  // What paths over it are measured by; also before it is laid.
  [[nodiscard]] std::vector<std::int32_t> path_probe() const { return framing_.path_probe(); }

 private:
  Framing framing_;
  GridWork grids_;
  std::unique_ptr<FramedPlane> framed_;
};

}  // namespace fl
