#include "trainer/subjects/landscape_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "trainer/landscape/directions.h"

namespace fl {
namespace {

constexpr double kGrowth = 1.5;  // the path grows by half before the plane is laid anew
constexpr std::int64_t kFirstReframe = 4;
constexpr double kNearPlane = 0.3;          // of its half: what is farther from it is not carried over
constexpr std::size_t kProbesWorthTwo = 2;  // times the small one, at least
constexpr double kInner = 0.8;              // share of the extents the ball may use before a new plane is due

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
      trajectory_(kept_snapshots(training.spec().landscape, network_.layout().floats)),
      params_(network_.layout().floats) {
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
  adopt(framed(random_plane()));
}

std::size_t LandscapeTracker::Framed::cells_left() const {
  return train.surface.expected_left() + (test ? test->surface.expected_left() : 0);
}

LandscapeTracker::ProbedGrid& LandscapeTracker::Framed::next(std::size_t at_once) {
  if (!test || test->surface.finished()) return train;
  if (train.surface.finished()) return *test;
  // In turns of some cells, because each turn loads a probe.
  const std::size_t turn = 32 * at_once;
  return test->surface.evaluated() / turn < train.surface.evaluated() / turn ? *test : train;
}

void LandscapeTracker::Framed::focus(double a, double b) {
  train.surface.focus(a, b);
  if (test) test->surface.focus(a, b);
}

LandscapeTracker::Framed LandscapeTracker::framed(Plane plane) {
  ProbedGrid train = begin_grid(plane, probe_);
  std::optional<ProbedGrid> test;
  if (!test_probe_.empty()) test = begin_grid(plane, test_probe_);
  return {std::move(plane), std::move(train), std::move(test)};
}

LandscapeTracker::ProbedGrid LandscapeTracker::begin_grid(const Plane& plane,
                                                          std::span<const std::int32_t> probe) {
  const auto& landscape = training_.spec().landscape;
  // Where it saves little, the whole probe is simpler; and a device takes it all at once.
  const std::size_t small = static_cast<std::size_t>(landscape.small_probe);
  const bool small_first = small > 0 && probe.size() >= kProbesWorthTwo * small &&
                           slices_.points_at_once() == 1 && slot_writer() == nullptr;
  ProbedGrid grid{
      .probe = probe,
      .small = probe.first(small_first ? small : probe.size()),
      .surface = Surface(static_cast<std::uint32_t>(landscape.grid), plane, landscape.error, small_first),
      .id = ++ids_};
  if (scale_) grid.surface.choose(*scale_);
  if (SlotWriter* device = slot_writer()) device->begin_grid(grid.id, grid.surface.side());
  return grid;
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
  network_.read_params(params_);
  const EvalResult probe = network_.evaluate(probe_, {}, NormStatistics::kReestimated);
  probe_standard_error_ = probe.standard_error;
  const auto& steps = training_.history().steps;
  trajectory_.add({.params = params_,
                   .step = training_.steps(),
                   .rate = steps.empty() ? training_.rate() : steps.back().rate,
                   .loss = probe.batch.loss,
                   .step_length = steps.empty() ? 0 : steps.back().update_norm,
                   .arc_length = arc_length_},
                  keep);
  if (SlotWriter* device = slot_writer()) {
    std::vector<std::int64_t> kept;
    for (const Snapshot& snapshot : trajectory_.snapshots()) kept.push_back(snapshot.step);
    device->add_snapshot(kept, trajectory_.snapshots().back().rate);
  }
  if (shown_) {
    // The trajectory may have replaced its newest snapshot or thinned old ones: the path mirrors it.
    const auto& snapshots = trajectory_.snapshots();
    std::vector<PathPoint> path;
    for (const Snapshot& snapshot : snapshots) {
      const auto known = std::ranges::find(path_, static_cast<float>(snapshot.step), &PathPoint::step);
      path.push_back(known != path_.end() ? *known : path_point(shown_->plane, snapshot));
    }
    path_ = std::move(path);
    shown_->focus(path_.back().a, path_.back().b);
  }
  ++version_;
}

void LandscapeTracker::after_steps() {
  const auto& steps = training_.history().steps;
  for (; steps_seen_ < steps.size(); ++steps_seen_) arc_length_ += steps[steps_seen_].update_norm;
  if (training_.steps() % stride_ != 0 && !training_.over()) return;
  take_snapshot(true);
  const bool last = training_.over() && !final_frame_;
  if (training_.steps() < reframe_at_ && !ball_leaves() && !last) return;
  reframe_wanted_ = true;
  final_frame_ = training_.over();
  reframe_at_ =
      std::max(training_.steps() + stride_,
               static_cast<std::int64_t>(std::ceil(kGrowth * static_cast<double>(training_.steps()))));
}

void LandscapeTracker::catch_up() {
  if (trajectory_.snapshots().back().step != training_.steps()) take_snapshot(false);
}

bool LandscapeTracker::may_reframe() const {
  // A plane that is still being prepared is not thrown away, and a surface is shown long enough to be seen:
  // a training whose path grows fast would otherwise never show any.
  // The first one, around the start, need not be refined: the path soon leaves it.
  const bool first =
      shown_->plane.kind == DirectionKind::kRandom && training_.spec().landscape.directions == "pca";
  const Surface& surface = shown_->train.surface;
  return !next_ && (first || training_.over() ? surface.ready() : surface.good_enough());
}

bool LandscapeTracker::ball_leaves() const {
  if (!shown_ || path_.empty()) return false;
  const Plane& p = shown_->plane;
  const auto outside = [](double x, double low, double high) {
    return std::abs(x - (low + high) / 2) > kInner * (high - low) / 2;
  };
  return outside(path_.back().a, p.a_min, p.a_max) || outside(path_.back().b, p.b_min, p.b_max);
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
  carry_over(*shown_, *next_);
  next_->focus(ball.a, ball.b);
}

PathPoint LandscapeTracker::path_point(const Plane& plane, const Snapshot& snapshot) const {
  const PlaneCoordinates at = plane.project(snapshot.params);
  return {.a = static_cast<float>(at.a),
          .b = static_cast<float>(at.b),
          .real_loss = static_cast<float>(snapshot.loss),
          .slice_loss = std::numeric_limits<float>::quiet_NaN(),
          .off_plane = static_cast<float>(at.off_plane),
          .step_length = static_cast<float>(snapshot.step_length),
          .step = static_cast<float>(snapshot.step),
          .rate = static_cast<float>(snapshot.rate)};
}

// A principal direction has no sign of its own. The first time one is shown, the lower half comes to the
// front (small b), where it does not hide the path behind a ridge; later planes keep that sign.
void LandscapeTracker::lower_half_to_front(Framed& framed) {
  if (framed.plane.kind != DirectionKind::kPca || shown_->plane.kind == DirectionKind::kPca) return;
  const std::uint32_t side = framed.train.surface.side();
  const std::span<const float> heights = framed.train.surface.heights();
  double front = 0, back = 0;
  for (std::uint32_t row = 0; row < side / 2; ++row)
    for (std::uint32_t column = 0; column < side; ++column) {
      front += static_cast<double>(heights[row * side + column]);
      back += static_cast<double>(heights[(side - 1 - row) * side + column]);
    }
  if (front <= back) return;
  framed.plane.flip_b();
  flip(framed.train);
  if (framed.test) flip(*framed.test);
}

void LandscapeTracker::flip(ProbedGrid& grid) {
  grid.surface.flip_b();
  const std::uint64_t before = std::exchange(grid.id, ++ids_);  // other directions than the program holds
  if (SlotWriter* device = slot_writer()) device->flip_grid(before, grid.id);
}

void LandscapeTracker::adopt(Framed framed) {
  shown_.emplace(std::move(framed));
  ++plane_number_;
  path_.clear();
  if (SlotWriter* device = slot_writer())
    device->set_path_plane(shown_->plane.origin, shown_->plane.d1, shown_->plane.d2);
  for (const Snapshot& snapshot : trajectory_.snapshots())
    path_.push_back(path_point(shown_->plane, snapshot));
  if (!path_.empty()) shown_->focus(path_.back().a, path_.back().b);
  ++version_;
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

std::size_t LandscapeTracker::evaluate_cells(Framed& framed, std::size_t points) {
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
  tell_device(grid, cells, change);
  return (cells.size() + share - 1) / share;
}

std::size_t LandscapeTracker::evaluate_path(std::size_t points) {
  // Newest first: the ball's own stem matters most.
  std::vector<std::size_t> which;
  std::vector<SlicePoint> where;
  const std::size_t share = slices_.points_at_once();
  for (std::size_t i = path_.size(); i-- > 0 && which.size() < points * share;)
    if (std::isnan(path_[i].slice_loss)) {
      which.push_back(i);
      where.push_back({path_[i].a, path_[i].b});
    }
  if (which.empty()) return 0;
  std::vector<double> losses(where.size());
  evaluate(shown_->plane, shown_->train, true, where, losses);
  if (SlotWriter* device = slot_writer()) device->set_path_losses(which);
  for (std::size_t i = 0; i < which.size(); ++i) {
    // Evaluated but not finite must differ from not evaluated yet.
    path_[which[i]].slice_loss =
        std::isfinite(losses[i]) ? static_cast<float>(losses[i]) : std::numeric_limits<float>::infinity();
  }
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
    if (!path_.empty() && std::isnan(path_.back().slice_loss)) {
      done = evaluate_path(1);
    } else if (!shown_->ready()) {
      done = evaluate_cells(*shown_, std::min<std::size_t>(left, 8));
    } else if (next_) {
      done = evaluate_cells(*next_, std::min<std::size_t>(left, 8));
      if (next_->ready()) {
        lower_half_to_front(*next_);
        adopt(*std::move(next_));
        next_.reset();
      }
    } else {
      done = evaluate_path(std::min<std::size_t>(left, 8));
      if (done == 0 && !shown_->finished()) done = evaluate_cells(*shown_, std::min<std::size_t>(left, 8));
    }
    if (done == 0) break;
    left -= std::min(done, left);
    ++version_;
  }
  return left == 0;
}

void LandscapeTracker::choose(LossScale scale) {
  scale_ = scale;
  for (std::optional<Framed>* framed : {&shown_, &next_}) {
    if (!*framed) continue;
    (*framed)->train.surface.choose(scale);
    if ((*framed)->test) (*framed)->test->surface.choose(scale);
  }
  ++version_;
}

// A plane that hardly turned: what was evaluated on the one before lies close to it.
void LandscapeTracker::carry_over(const Framed& from, Framed& to) const {
  const Plane& plane = to.plane;
  const PlaneMap map(from.plane, plane);
  const double a_half = (from.plane.a_max - from.plane.a_min) / 2,
               b_half = (from.plane.b_max - from.plane.b_min) / 2;
  const auto carried = [&](const Surface& surface) {
    std::vector<SurfacePoint> points;
    for (const SurfacePoint& point : surface.points()) {
      const PlaneMap::Place at =
          map(from.plane.a_min + (point.x + 1) * a_half, from.plane.b_min + (point.y + 1) * b_half);
      const double x = 2 * (at.a - plane.a_min) / (plane.a_max - plane.a_min) - 1;
      const double y = 2 * (at.b - plane.b_min) / (plane.b_max - plane.b_min) - 1;
      if (!point.carried && at.off < kNearPlane && std::abs(x) <= 1 && std::abs(y) <= 1)
        points.push_back({x, y, point.loss, true});
    }
    return points;
  };
  to.train.surface.carry_over(carried(from.train.surface));
  if (from.test && to.test) to.test->surface.carry_over(carried(from.test->surface));
}

std::size_t LandscapeTracker::points_left() const {
  const Framed& framed = next_ ? *next_ : *shown_;
  const std::size_t whole = framed.train.surface.expected_whole();
  std::size_t path = 0;
  for (const PathPoint& point : path_) path += next_ || std::isnan(point.slice_loss) ? 1 : 0;
  // A plane that waits for its turn will be one more whole grid.
  return framed.cells_left() + path + (reframe_wanted_ ? (framed.test ? 2 : 1) * whole : 0);
}

}  // namespace fl
