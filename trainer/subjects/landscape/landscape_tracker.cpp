#include "trainer/subjects/landscape/landscape_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fl {

LandscapeTracker::LandscapeTracker(Training& training)
    : training_(training),
      network_(training.program()),
      slices_(training.program()),
      grids_(slices_),
      laying_(network_.layout(),
              possible_plane(training.spec().landscape.plane, training.program().spec(), PlaneChoice())),
      framing_(training),
      trajectory_(kept_snapshots(training.spec().landscape, network_.layout().floats)),
      pace_(std::max<std::int64_t>(
          1, training.total_steps() / static_cast<std::int64_t>(trajectory_.capacity()))) {
  reset();
}

void LandscapeTracker::reset() {
  std::optional<FramedPlane> kept = kept_ ? std::exchange(shown_, std::nullopt) : std::nullopt;
  trajectory_.clear();
  path_.clear();
  if (SlotWriter* device = slot_writer()) device->begin_path(trajectory_.capacity());
  shown_.reset();
  next_.reset();
  curved_.reset();
  laying_.forget();
  arc_length_ = 0;
  steps_seen_ = training_.history().steps.size();
  final_frame_ = reframe_wanted_ = owed_ = false;
  pace_.begin(training_.steps());
  probe_ = framing_.path_probe();
  take_snapshot(true);
  if (!trajectory_.snapshots().back().loss) evaluate_newest();
  const std::vector<float>& start = trajectory_.snapshots().back().params;
  if (laying_.wants_iterates()) laying_.note_iterate(training_.steps(), start);
  adopt(kept ? *std::move(kept) : framing_.frame(laying_.random_plane(start, training_.seed())));
}

void LandscapeTracker::take_snapshot(bool keep) {
  const auto& steps = training_.history().steps;
  Snapshot snapshot{.params = weights(),
                    .step = training_.steps(),
                    .rate = steps.empty() ? training_.rate() : steps.back().rate,
                    .step_length = steps.empty() ? 0 : steps.back().update_norm,
                    .arc_length = arc_length_};
  trajectory_.add(std::move(snapshot), keep);
  if (!shares_processor()) evaluate_newest();
}

// Whose weights are those of the network.
void LandscapeTracker::evaluate_newest() {
  const EvalResult probe = network_.evaluate(probe_, {}, NormStatistics::kReestimated);
  probe_standard_error_ = probe.standard_error;
  const std::vector<Snapshot>& snapshots = trajectory_.snapshots();
  trajectory_.set_loss(snapshots.size() - 1, probe.batch.loss);
  if (SlotWriter* device = slot_writer()) {
    std::vector<std::int64_t> kept;
    for (const Snapshot& snapshot : snapshots) kept.push_back(snapshot.step);
    device->add_snapshot(kept, snapshots.back().rate);
  }
  path_changed();
}

// The newest first: up to `most` snapshots whose loss waits.
std::size_t LandscapeTracker::evaluate_snapshots(std::size_t most) {
  const std::vector<Snapshot>& snapshots = trajectory_.snapshots();
  std::size_t done = 0;
  for (std::size_t i = snapshots.size(); i-- > 0 && done < most;) {
    if (snapshots[i].loss) continue;
    // The middle of any plane through it.
    slices_.set_slice(probe_, snapshots[i].params, shown_->plane.d1, shown_->plane.d2);
    grids_.forget();
    double loss = 0;
    slices_.evaluate_slice(std::array{SlicePoint{}}, std::span(&loss, 1));
    trajectory_.set_loss(i, loss);
    ++done;
  }
  if (done > 0) path_changed();
  return done;
}

void LandscapeTracker::path_changed() {
  ++version_;
  if (!shown_) return;
  path_.follow(trajectory_.snapshots(), shown_->plane);
  if (shares_processor()) path_.predict(shown_->train.surface);
  shown_->focus(path().back().a, path().back().b);
}

void LandscapeTracker::after_steps() {
  const auto& steps = training_.history().steps;
  for (; steps_seen_ < steps.size(); ++steps_seen_) arc_length_ += steps[steps_seen_].update_norm;
  if (laying_.wants_iterates()) laying_.note_iterate(training_.steps(), weights());
  if (pace_.next_snapshot(training_.steps() - 1) != training_.steps() && !training_.over()) return;
  take_snapshot(true);
  if (kept_) return;
  const bool last = training_.over() && !final_frame_;
  const bool at_once = owed_ || laying_.choice().anchor == PlaneAnchor::kFollow;
  if (!pace_.wants_plane(training_.steps(), ball_place()) && !last && !at_once) return;
  reframe_wanted_ = true;
  final_frame_ = training_.over();
  pace_.promised(training_.steps());
}

void LandscapeTracker::catch_up() {
  // Where others wait, this one, which is evaluated at once, may stand for them on the path.
  const bool keep = std::ranges::any_of(trajectory_.snapshots(), [](const Snapshot& s) { return !s.loss; });
  if (trajectory_.snapshots().back().step != training_.steps()) take_snapshot(keep);
  if (!trajectory_.snapshots().back().loss) evaluate_newest();
}

void LandscapeTracker::complete_path() {
  const Snapshot& newest = trajectory_.snapshots().back();
  if (!newest.loss && newest.step == training_.steps()) evaluate_newest();
  evaluate_snapshots(trajectory_.snapshots().size());
}

void LandscapeTracker::end_here() {
  catch_up();
  if (kept_ || final_frame_ || training_.steps() == 0) return;
  final_frame_ = reframe_wanted_ = true;
}

LandscapeView LandscapeTracker::view() const {
  if (!shown_) return {};
  LandscapeView view{.plane = &shown_->plane, .surfaces = {}, .paths = {{"", path()}}};
  const auto add = [&view](const ProbedGrid& grid) {
    view.surfaces.push_back({&grid.surface, grid.of_test ? "test" : "training", grid.probe.size()});
  };
  add(shown_->train);
  if (test_surface() != nullptr) add(*shown_->test);
  return view;
}

bool LandscapeTracker::may_reframe() const {
  // A plane that is still being prepared is not thrown away, and a surface is shown long enough to be seen:
  // a training whose path grows fast would otherwise never show any.
  // The first one, around the start, need not be refined: the path soon leaves it.
  const PlaneChoice& choice = laying_.choice();
  const bool first =
      shown_->plane.kind == DirectionKind::kRandom && choice.directions != DirectionKind::kRandom;
  const Surface& surface = shown_->train.surface;
  if (next_ || curved_) return false;
  if (first) return surface.finished() || !pace_.too_early(training_.steps());
  if (owed_ || final_frame_) return surface.ready();
  // A surface that the ball has left tells little of it.
  const double place = ball_place();
  if (choice.anchor == PlaneAnchor::kFollow && surface.good_enough()) return true;
  return surface.finished() ||
         (place > PathPace::kInner && surface.good_enough() && pace_.keeps_up(training_.steps())) ||
         (place > 1 && surface.ready());
}

// A good surface gives way to one that is good, too, as long as the ball is on it.
bool LandscapeTracker::may_adopt() const {
  if (!next_->ready()) return false;
  const bool worth_keeping = shown_->train.surface.good_enough() && ball_place() <= 1 && !at_once_;
  return !worth_keeping || pace_.keeps_up(training_.steps()) || next_->train.surface.good_enough();
}

double LandscapeTracker::ball_place() const {
  if (!shown_ || path().empty()) return 0;
  const Plane& p = shown_->plane;
  const auto place = [](double x, double low, double high) {
    return std::abs(x - (low + high) / 2) / ((high - low) / 2);
  };
  return std::max(place(path().back().a, p.a_min, p.a_max), place(path().back().b, p.b_min, p.b_max));
}

void LandscapeTracker::frame_anew() {
  if (!owed_ && laying_.stays(shown_->plane)) return;
  if (!laying_.wants_curvature())
    return frame_next(laying_.lay(trajectory_, training_.seed(), &shown_->plane));
  const std::vector<Snapshot>& path = trajectory_.snapshots();
  const bool at_start = laying_.choice().anchor == PlaneAnchor::kStart;
  curved_.emplace(training_, (at_start ? path.front() : path.back()).params, framing_.path_probe());
}

void LandscapeTracker::work_curved() {
  if (curved_->work() && !curved_->done()) return;
  auto plane = curved_->plane(&shown_->plane);
  curved_.reset();
  frame_next(std::move(plane));
}

void LandscapeTracker::frame_next(std::optional<Plane> plane) {
  at_once_ = owed_ || kept_;
  if (plane) owed_ = false;
  // The chosen plane comes as soon as the path has it, the chosen images before.
  if (!plane && framing_.differs(*shown_)) plane = shown_->plane;
  if (!plane) return;
  const bool around_path = plane->kind != DirectionKind::kRandom && plane->kind != DirectionKind::kCurvature;
  if (around_path && !kept_ && laying_.choice().anchor != PlaneAnchor::kFollow && !final_frame_)
    plane->widen(pace_.room(training_.steps()));
  pace_.laid(training_.steps());
  const PlaneCoordinates ball = plane->project(trajectory_.snapshots().back().params);
  next_.emplace(framing_.frame(*std::move(plane)));
  next_->carry_over(*shown_);
  next_->focus(ball.a, ball.b);
}

// A principal direction has no sign of its own. The first time one is shown, the lower half comes to the
// front (small b), where it does not hide the path behind a ridge; later planes keep that sign.
void LandscapeTracker::lower_half_to_front(FramedPlane& framed) {
  if (framed.plane.kind != DirectionKind::kPca || shown_->plane.kind == DirectionKind::kPca) return;
  if (!framed.lower_half_behind()) return;
  framed.plane.flip_b();
  flip(framed.train);
  if (framed.test) flip(*framed.test);
}

void LandscapeTracker::flip(ProbedGrid& grid) {
  grid.surface.flip_b();
  const std::uint64_t before =
      std::exchange(grid.id, framing_.next_id());  // other directions than the program holds
  if (SlotWriter* device = slot_writer()) device->flip_grid(before, grid.id);
}

void LandscapeTracker::adopt(FramedPlane framed) {
  shown_.emplace(std::move(framed));
  ++plane_number_;
  if (shown_->train.probe != probe_) measure_anew();
  if (SlotWriter* device = slot_writer())
    device->set_path_plane(shown_->plane.origin, shown_->plane.d1, shown_->plane.d2);
  path_.lay_on(trajectory_.snapshots(), shown_->plane);
  path_changed();
}

// The path's losses over another probe: on a shared processor the ball's, and the others when there is time.
// A device is quick, and notes the loss of weights that the program has.
void LandscapeTracker::measure_anew() {
  probe_ = shown_->train.probe;
  trajectory_.forget_losses();
  if (shares_processor()) {
    probe_standard_error_ = 0;  // of other images; the next ball brings its own
    evaluate_snapshots(1);
    return;
  }
  const std::vector<float> now = weights();
  SlotWriter* device = slot_writer();
  if (device != nullptr) device->begin_path(trajectory_.capacity());
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < trajectory_.snapshots().size(); ++i) {
    const Snapshot& snapshot = trajectory_.snapshots()[i];
    training_.program().write_params(snapshot.params);
    const EvalResult probe = network_.evaluate(probe_, {}, NormStatistics::kReestimated);
    probe_standard_error_ = probe.standard_error;
    trajectory_.set_loss(i, probe.batch.loss);
    steps.push_back(snapshot.step);
    if (device != nullptr) device->add_snapshot(steps, snapshot.rate);
  }
  training_.program().write_params(now);
}

std::vector<float> LandscapeTracker::weights() const {
  std::vector<float> params(network_.layout().floats);
  network_.read_params(params);
  return params;
}

void LandscapeTracker::tell_device(const ProbedGrid& grid, std::span<const Surface::Cell> cells,
                                   const Surface::Change& change) {
  SlotWriter* device = slot_writer();
  if (device == nullptr) return;
  std::vector<std::uint32_t> where_in_grid;
  for (const Surface::Cell& cell : cells)
    where_in_grid.push_back(cell.row * grid.surface.side() + cell.column);
  device->set_cells(grid.id, where_in_grid);
  if (change.predicted) {
    const SurfaceModel& model = grid.surface.model();
    device->predict_cells(grid.id, model.terms(), model.spline());
  }
  if (change.level > 0) device->complete_level(grid.id, change.level);
}

std::size_t LandscapeTracker::evaluate_cells(FramedPlane& framed, std::size_t points) {
  const GridWork::Done done = grids_.evaluate_next(framed, points);
  if (done.points == 0) return 0;
  if (done.change.predicted && &framed == &*shown_ && shares_processor())
    path_.predict(shown_->train.surface);
  tell_device(*done.grid, done.cells, done.change);
  return done.points;
}

std::size_t LandscapeTracker::evaluate_path(std::size_t points) {
  // Newest first: the ball's own stem matters most.
  const std::size_t share = slices_.points_at_once();
  const std::vector<std::size_t> which = path_.not_evaluated(points * share);
  if (which.empty()) return 0;
  std::vector<SlicePoint> where;
  for (const std::size_t at : which) where.push_back({path()[at].a, path()[at].b});
  std::vector<double> losses(where.size());
  grids_.evaluate(shown_->plane, shown_->train, true, where, losses);
  if (SlotWriter* device = slot_writer()) device->set_path_losses(which);
  for (std::size_t i = 0; i < which.size(); ++i) path_.set_slice_loss(which[i], losses[i]);
  return (which.size() + share - 1) / share;
}

bool LandscapeTracker::work(std::size_t points) {
  std::size_t left = points;
  while (left > 0) {
    std::size_t done = 0;
    if (reframe_wanted_ && may_reframe()) {
      reframe_wanted_ = false;
      frame_anew();
    }
    // What the surface will tell soon is not evaluated before it.
    const bool told = shares_processor() && !shown_->finished() && training_.spec().landscape.error > 0;
    if (!told && !path().empty() && std::isnan(path().back().slice_loss)) {
      done = evaluate_path(1);
    } else if (!shown_->ready() && !next_) {
      done = evaluate_cells(*shown_, std::min<std::size_t>(left, 8));
    } else if (curved_) {
      work_curved();
      done = 1;
    } else if (next_) {
      done = evaluate_cells(*next_, std::min<std::size_t>(left, 8));
      if (may_adopt()) {
        lower_half_to_front(*next_);
        if (!trajectory_.snapshots().back().loss) evaluate_snapshots(1);  // the ball there
        adopt(*std::move(next_));
        next_.reset();
      }
    } else {
      if (!shown_->finished()) done = evaluate_cells(*shown_, std::min<std::size_t>(left, 8));
      if (done == 0) done = evaluate_snapshots(std::min<std::size_t>(left, 8));
      if (done == 0) done = evaluate_path(std::min<std::size_t>(left, 8));
    }
    if (done == 0) break;
    left -= std::min(done, left);
    pace_.worked(done);
    ++version_;
  }
  return left == 0;
}

std::size_t LandscapeTracker::points_left() const {
  const FramedPlane& framed = next_ ? *next_ : *shown_;
  const std::size_t whole = framed.train.surface.expected_whole();
  const auto waiting = static_cast<std::size_t>(std::ranges::count_if(
      trajectory_.snapshots(), [](const Snapshot& snapshot) { return !snapshot.loss; }));
  // Those that wait have a slice loss, too.
  const std::size_t path =
      (next_ ? path_.points().size() : path_.not_evaluated(path_.points().size()).size()) + 2 * waiting;
  // A plane that waits for its turn will be one more whole grid.
  const std::size_t search = curved_ ? curved_->products_left() : 0;
  return framed.cells_left() + path + search +
         (reframe_wanted_ || curved_ ? (framed.test ? 2 : 1) * whole : 0);
}

}  // namespace fl
