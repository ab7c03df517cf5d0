#pragma once
// The landscape beside a training: which plane is shown, the surface over it as far as it is evaluated, and
// the path with its real and slice losses. All work is counted in landscape points, so that a live run can
// stop after a few milliseconds and a film can do the same number every frame.
//
// The plane follows the path. At first two random directions through the start; then, each time the path
// has grown by half, the chosen plane (plane_choice.h) of the path so far. The old one is shown until its
// surface is finished or the ball leaves it, and until the new one has a height everywhere, so the picture
// never goes blank. The same holds where somebody chooses another plane, probe or grid; then the old one need
// not be finished. A landscape that is kept stays through all of it, and through a reset.

#include <memory>
#include <optional>
#include <vector>

#include "trainer/landscape/trajectory.h"
#include "trainer/subjects/landscape/curvature_plane.h"
#include "trainer/subjects/landscape/framed_plane.h"
#include "trainer/subjects/landscape/framing.h"
#include "trainer/subjects/landscape/grid_work.h"
#include "trainer/subjects/landscape/landscape_view.h"
#include "trainer/subjects/landscape/path_pace.h"
#include "trainer/subjects/landscape/plane_laying.h"
#include "trainer/subjects/landscape/tracked_path.h"
#include "trainer/subjects/training.h"

namespace fl {

class LandscapeTracker {
 public:
  explicit LandscapeTracker(Training& training);

  // After Training::create or reset: the start becomes the first path point.
  void reset();
  // After Training::use_device_slots: as if nothing was shown before.
  void begin_on_device() {
    plane_number_ = 0;
    reset();
  }
  // How many steps may be made before the next call of after_steps(), at least 1: the weights after the last
  // are wanted.
  [[nodiscard]] std::int64_t steps_to_snapshot() const {
    return laying_.steps_to_iterate(pace_.next_snapshot(training_.steps()) - training_.steps());
  }
  // After one step or more. Takes a snapshot where one is due. Where the processor trains as well, its loss
  // is evaluated later, by one of the following.
  void after_steps();
  // Brings the ball to the weights as they are now.
  void catch_up();
  // Evaluates all losses of snapshots that wait.
  void complete_path();
  // No step follows: the plane is laid anew around the whole path, where it has not been.
  void end_here();
  // Plane and surface stay as they are shown, through reset(), until somebody chooses others.
  void keep() {
    kept_ = true;
    reframe_wanted_ = owed_ = false;
  }
  // This plane comes next, and stays as keep() has it; until a reset, and while nobody chooses another.
  void show(Plane plane);
  // Does up to `points` landscape points of outstanding work. True when it did all of them, so that more may
  // be left; false when the landscape is complete.
  bool work(std::size_t points);
  // The scale in which surfaces are refined from now on; if not called, each decides for itself.
  void choose(LossScale scale);
  // Other planes, or surfaces of other images, from now on; the path's losses are then of those images, too.
  void choose(const PlaneChoice& plane);
  void choose(SurfaceSets surfaces);
  // Images of a probe, at most.
  void choose_probe(int images);
  // Points a side of a surface.
  void choose_grid(int side);
  [[nodiscard]] LandscapeChoice choice() const {
    return {laying_.choice(), framing_.surfaces(), framing_.probe_images(), framing_.grid_side()};
  }
  // About so many landscape points until everything is evaluated, as things stand.
  [[nodiscard]] std::size_t points_left() const;

  // Over the test set's probe, where both surfaces are asked for and there is a test set; else null, as
  // before it has a level complete.
  [[nodiscard]] const Surface* test_surface() const {
    return shown_ && shown_->test && shown_->test->surface.ready() ? &shown_->test->surface : nullptr;
  }
  [[nodiscard]] std::size_t test_probe_images() const {
    return shown_ && shown_->test ? shown_->test->probe.size() : 0;
  }
  // The surface that is drawn in colour is the test set's.
  [[nodiscard]] bool of_test() const { return shown_ && shown_->train.of_test; }
  [[nodiscard]] std::span<const std::int32_t> probe() const { return probe_; }
  // The plane that is shown with its surfaces.
  [[nodiscard]] const FramedPlane* framed() const { return shown_ ? &*shown_ : nullptr; }
  // Null before the first plane has a cell.
  [[nodiscard]] const Surface* surface() const { return shown_ ? &shown_->train.surface : nullptr; }
  // Another surface, or the same one turned round, has another id: as SlotWriter knows them. 0: there is
  // none.
  [[nodiscard]] std::uint64_t surface_id() const { return shown_ ? shown_->train.id : 0; }
  [[nodiscard]] std::uint64_t test_surface_id() const {
    return shown_ && shown_->test ? shown_->test->id : 0;
  }
  [[nodiscard]] const Plane* plane() const { return shown_ ? &shown_->plane : nullptr; }
  // Where the ball is in the shown plane's rectangle: 0 in the middle, 1 at the edge.
  [[nodiscard]] double ball_place() const;
  // On the shown plane, as far as real losses are known; the ball last. A slice loss is NaN until it is
  // evaluated or, meanwhile, predicted by the surface.
  [[nodiscard]] const std::vector<PathPoint>& path() const { return path_.points(); }
  [[nodiscard]] std::uint32_t plane_number() const { return plane_number_; }
  [[nodiscard]] std::size_t probe_images() const { return probe_.size(); }
  // Of the probe loss at the ball.
  [[nodiscard]] double probe_standard_error() const { return probe_standard_error_; }
  [[nodiscard]] const Trajectory& trajectory() const { return trajectory_; }
  [[nodiscard]] LandscapeView view() const;
  // Rises whenever anything above changed.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  // The device's part of it, where there is one.
  [[nodiscard]] SlotWriter* slot_writer() const { return training_.slot_writer(); }
  // Where a step of training and a point of the landscape cost the same processor's time.
  [[nodiscard]] bool shares_processor() const { return !training_.gpu() && slot_writer() == nullptr; }
  [[nodiscard]] std::vector<float> weights() const;
  void take_snapshot(bool keep);
  void evaluate_newest();
  std::size_t evaluate_snapshots(std::size_t points);
  void path_changed();
  void lay_anew();
  void frame_anew();
  void work_curved();
  void frame_next(std::optional<Plane> plane);
  void measure_anew();
  [[nodiscard]] bool may_reframe() const;
  [[nodiscard]] bool may_adopt() const;
  void lower_half_to_front(FramedPlane& framed);
  void adopt(FramedPlane framed);
  void flip(ProbedGrid& grid);
  std::size_t evaluate_cells(FramedPlane& framed, std::size_t points);
  void tell_device(const ProbedGrid& grid, std::span<const Surface::Cell> cells,
                   const Surface::Change& change);
  std::size_t evaluate_path(std::size_t points);

  Training& training_;
  Evaluator& network_;
  SliceEvaluator& slices_;
  GridWork grids_;
  PlaneLaying laying_;
  Framing framing_;
  std::vector<std::int32_t> probe_;  // that the path is measured by
  Trajectory trajectory_;
  PathPace pace_;
  double arc_length_ = 0;
  std::size_t steps_seen_ = 0;  // of the history; the arc length is theirs
  double probe_standard_error_ = 0;
  std::optional<FramedPlane> shown_, next_;
  std::optional<CurvaturePlane> curved_;  // in search of the plane after next_
  std::uint32_t plane_number_ = 0;
  bool owed_ = false;            // somebody chose another than is shown
  bool at_once_ = false;         // so it was, as next_ was laid
  bool reframe_wanted_ = false;  // waits until the shown surface is good enough to be replaced
  bool final_frame_ = false;
  bool kept_ = false;  // keep() was called
  TrackedPath path_;
  std::uint64_t version_ = 0;
};

}  // namespace fl
