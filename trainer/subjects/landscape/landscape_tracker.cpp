#include "trainer/subjects/landscape/landscape_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "trainer/landscape/directions.h"
#include "trainer/landscape/small_probe.h"

namespace fl {
namespace {

constexpr double kGrowth = 1.5;  // the path grows by half before the plane is laid anew
constexpr std::int64_t kFirstReframe = 4;
constexpr std::size_t kProbesWorthTwo = 2;  // times the small one, at least
constexpr double kInner = 0.9;              // share of the extents the ball may use before a new plane is due

// As many of a set as a probe has, the first of its order.
std::vector<std::int32_t> first_of(const std::vector<std::int32_t>& set, int most) {
  const std::size_t count = std::min(set.size(), static_cast<std::size_t>(most));
  return {set.begin(), set.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

std::size_t kept_snapshots(const RunSpec::Landscape& landscape, std::size_t floats) {
  constexpr std::size_t kLeast = 8;  // for a plane through the path
  const double bytes = landscape.path_megabytes * 1e6;
  const auto room = static_cast<std::size_t>(bytes / static_cast<double>(sizeof(float) * floats));
  return std::clamp(room, kLeast, static_cast<std::size_t>(landscape.snapshots));
}

LandscapeTracker::LandscapeTracker(Training& training)
    : training_(training),
      network_(training.program()),
      slices_(training.program()),
      trajectory_(kept_snapshots(training.spec().landscape, network_.layout().floats)) {
  const auto& landscape = training.spec().landscape;
  probe_ = first_of(training.split().train, landscape.probe_images);
  if (landscape.surfaces == "both") test_probe_ = first_of(training.split().test, landscape.probe_images);
  stride_ =
      std::max<std::int64_t>(1, training.total_steps() / static_cast<std::int64_t>(trajectory_.capacity()));
  reset();
}

void LandscapeTracker::reset() {
  trajectory_.clear();
  path_.clear();
  if (SlotWriter* device = slot_writer()) device->begin_path(trajectory_.capacity());
  shown_.reset();
  next_.reset();
  arc_length_ = 0;
  steps_seen_ = training_.history().steps.size();
  final_frame_ = reframe_wanted_ = false;
  reframe_at_ = kFirstReframe * stride_;
  take_snapshot(true);
  if (!trajectory_.snapshots().back().loss) evaluate_newest();
  adopt(framed(random_plane()));
}

FramedPlane LandscapeTracker::framed(Plane plane) {
  ProbedGrid train = begin_grid(plane, probe_);
  std::optional<ProbedGrid> test;
  if (!test_probe_.empty()) test = begin_grid(plane, test_probe_);
  return {std::move(plane), std::move(train), std::move(test)};
}

ProbedGrid LandscapeTracker::begin_grid(const Plane& plane, std::span<const std::int32_t> probe) {
  const auto& landscape = training_.spec().landscape;
  // Where it saves little, the whole probe is simpler; and a device takes it all at once.
  const std::size_t small = static_cast<std::size_t>(landscape.small_probe);
  const bool small_first = small > 0 && probe.size() >= kProbesWorthTwo * small &&
                           slices_.points_at_once() == 1 && slot_writer() == nullptr;
  ProbedGrid grid{
      .probe = probe,
      .small = small_first ? small_probe_of(probe, small) : std::vector(probe.begin(), probe.end()),
      .surface = Surface(static_cast<std::uint32_t>(landscape.grid), plane, landscape.error, small_first),
      .id = ++ids_};
  if (scale_) grid.surface.choose(*scale_);
  if (SlotWriter* device = slot_writer()) device->begin_grid(grid.id, grid.surface.side());
  return grid;
}

std::vector<std::int32_t> LandscapeTracker::small_probe_of(std::span<const std::int32_t> probe,
                                                           std::size_t count) {
  const auto classes = static_cast<std::size_t>(network_.spec().classes);
  std::vector<float> probabilities(probe.size() * classes);
  network_.evaluate(probe, probabilities, NormStatistics::kReestimated);
  std::vector<std::int32_t> labels;
  std::vector<double> losses;
  for (std::size_t i = 0; i < probe.size(); ++i) {
    labels.push_back(training_.data().labels[static_cast<std::size_t>(probe[i])]);
    losses.push_back(
        -std::log(static_cast<double>(probabilities[i * classes + static_cast<std::size_t>(labels.back())])));
  }
  return small_probe(probe, labels, losses, count);
}

Plane LandscapeTracker::random_plane() const {
  Plane plane;
  plane.kind = DirectionKind::kRandom;
  plane.origin = trajectory_.snapshots().back().params;
  const ParamLayout& layout = network_.layout();
  const std::uint64_t seed = training_.seed();
  plane.d1 = filter_normalised_direction(layout, plane.origin, seed, 0);
  plane.d2 = filter_normalised_direction(layout, plane.origin, seed, 1);
  return plane;
}

void LandscapeTracker::take_snapshot(bool keep) {
  const auto& steps = training_.history().steps;
  Snapshot snapshot{.params = std::vector<float>(network_.layout().floats),
                    .step = training_.steps(),
                    .rate = steps.empty() ? training_.rate() : steps.back().rate,
                    .step_length = steps.empty() ? 0 : steps.back().update_norm,
                    .arc_length = arc_length_};
  network_.read_params(snapshot.params);
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
    loaded_ = {};
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
  if (training_.steps() % stride_ != 0 && !training_.over()) return;
  take_snapshot(true);
  const bool last = training_.over() && !final_frame_;
  if (training_.steps() < reframe_at_ && ball_place() <= kInner && !last) return;
  reframe_wanted_ = true;
  final_frame_ = training_.over();
  reframe_at_ =
      std::max(training_.steps() + stride_,
               static_cast<std::int64_t>(std::ceil(kGrowth * static_cast<double>(training_.steps()))));
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

bool LandscapeTracker::may_reframe() const {
  // A plane that is still being prepared is not thrown away, and a surface is shown long enough to be seen:
  // a training whose path grows fast would otherwise never show any.
  // The first one, around the start, need not be refined: the path soon leaves it.
  const bool first =
      shown_->plane.kind == DirectionKind::kRandom && training_.spec().landscape.directions == "pca";
  const Surface& surface = shown_->train.surface;
  if (next_) return false;
  if (first || training_.over()) return surface.ready();
  // A surface that the ball has left tells little of it.
  const double place = ball_place();
  return surface.finished() || (place > kInner && surface.good_enough()) || (place > 1 && surface.ready());
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
  std::optional<Plane> plane;
  if (training_.spec().landscape.directions == "pca")
    plane = trajectory_.principal_plane(shown_ ? &shown_->plane : nullptr);
  else
    plane = random_plane();
  if (!plane) return;
  const PlaneCoordinates ball = plane->project(trajectory_.snapshots().back().params);
  next_.emplace(framed(*std::move(plane)));
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
  const std::uint64_t before = std::exchange(grid.id, ++ids_);  // other directions than the program holds
  if (SlotWriter* device = slot_writer()) device->flip_grid(before, grid.id);
}

void LandscapeTracker::adopt(FramedPlane framed) {
  shown_.emplace(std::move(framed));
  ++plane_number_;
  if (SlotWriter* device = slot_writer())
    device->set_path_plane(shown_->plane.origin, shown_->plane.d1, shown_->plane.d2);
  path_.lay_on(trajectory_.snapshots(), shown_->plane);
  path_changed();
}

void LandscapeTracker::evaluate(const Plane& plane, const ProbedGrid& grid, bool whole,
                                std::span<const SlicePoint> points, std::span<double> losses) {
  const Loaded wanted{.grid = grid.id, .whole = whole};
  if (loaded_ != wanted) {
    slices_.set_slice(whole ? grid.probe : grid.small, plane.origin, plane.d1, plane.d2);
    loaded_ = wanted;
  }
  slices_.evaluate_slice(points, losses);
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
  const std::size_t of_whole = slices_.points_at_once();
  ProbedGrid& grid = framed.next(of_whole);
  Surface& surface = grid.surface;
  // Of the small probe so many more points cost the same.
  const std::size_t of_small = of_whole * (grid.probe.size() / grid.small.size());
  auto cells = surface.next(points * of_small);
  if (cells.empty()) return 0;
  const std::size_t share = cells.front().whole ? of_whole : of_small;
  cells.resize(std::min(cells.size(), points * share));
  std::vector<SlicePoint> where;
  for (const Surface::Cell& cell : cells) where.push_back({cell.a, cell.b});
  std::vector<double> losses(where.size());
  evaluate(framed.plane, grid, cells.front().whole, where, losses);
  Surface::Change change;  // only the last cell of what comes next can end a batch or a level
  for (std::size_t i = 0; i < cells.size(); ++i) change = surface.set(cells[i], losses[i]);
  if (change.predicted && &framed == &*shown_ && shares_processor()) path_.predict(shown_->train.surface);
  tell_device(grid, cells, change);
  return (cells.size() + share - 1) / share;
}

std::size_t LandscapeTracker::evaluate_path(std::size_t points) {
  // Newest first: the ball's own stem matters most.
  const std::size_t share = slices_.points_at_once();
  const std::vector<std::size_t> which = path_.not_evaluated(points * share);
  if (which.empty()) return 0;
  std::vector<SlicePoint> where;
  for (const std::size_t at : which) where.push_back({path()[at].a, path()[at].b});
  std::vector<double> losses(where.size());
  evaluate(shown_->plane, shown_->train, true, where, losses);
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
    } else if (!shown_->ready()) {
      done = evaluate_cells(*shown_, std::min<std::size_t>(left, 8));
    } else if (next_) {
      done = evaluate_cells(*next_, std::min<std::size_t>(left, 8));
      if (next_->ready()) {
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
    ++version_;
  }
  return left == 0;
}

void LandscapeTracker::choose(LossScale scale) {
  scale_ = scale;
  for (std::optional<FramedPlane>* framed : {&shown_, &next_}) {
    if (!*framed) continue;
    (*framed)->choose(scale);
  }
  ++version_;
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
  return framed.cells_left() + path + (reframe_wanted_ ? (framed.test ? 2 : 1) * whole : 0);
}

}  // namespace fl
