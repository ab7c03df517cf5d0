#include "trainer/subjects/race/race.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/base/log.h"
#include "trainer/landscape/directions.h"
#include "trainer/subjects/landscape/landscape_tracker.h"
#include "trainer/subjects/race/race_plane.h"

namespace fl {
namespace {

// Points of all paths together, and of each: the loss of each point is measured.
constexpr std::size_t kPathPoints = 256, kLeastPoints = 24, kMostPoints = 64;
constexpr std::size_t kPointsAtOnce = 8;

std::size_t points_of(const Training& first, std::size_t runs) {
  const LandscapeSpec& landscape = first.spec().landscape;
  const std::size_t wanted = std::clamp(kPathPoints / runs, kLeastPoints, kMostPoints);
  return std::min(wanted, kept_snapshots(landscape, first.program().layout().floats * runs));
}

// The layers as far as they say what the weights mean: dropout does nothing once they are evaluated.
std::vector<LayerSpec> meaning(const Training& training) {
  std::vector<LayerSpec> layers = training.program().spec().layers;
  std::erase_if(layers, [](const LayerSpec& layer) { return layer.kind == LayerKind::kDropout; });
  return layers;
}

}  // namespace

Race::Race(RaceSpec spec, std::vector<RaceRun> runs)
    : spec_(std::move(spec)),
      seed_(runs.front().training->seed()),
      framing_(*runs.front().training),
      grids_(runs.front().training->program()) {
  FL_CHECK(runs.size() >= 2 && runs.size() <= kFrameMaxPaths);
  const std::size_t points = points_of(*runs.front().training, runs.size());
  for (RaceRun& run : runs) {
    steps_per_epoch_ = std::max(steps_per_epoch_, run.training->steps_per_epoch());
    lanes_.push_back(
        std::make_unique<Lane>(std::move(run.name), std::move(run.training), points, framing_.path_probe()));
  }
  for (const auto& lane : lanes_) {
    const Training& training = lane->training();
    const std::int64_t epochs = training.spec().epochs;
    rounds_ = std::max(rounds_, in_steps() ? training.total_steps() : epochs * steps_per_epoch_);
  }
}

std::unique_ptr<Race> Race::create(RaceSpec spec, std::vector<RaceRun> runs, const GoOn& go_on) {
  std::unique_ptr<Race> race(new Race(std::move(spec), std::move(runs)));
  if (!race->prepare(go_on)) return nullptr;
  return race;
}

bool Race::apart(const Training& training) const {
  return meaning(training) != meaning(lanes_.front()->training());
}

bool Race::rehearse(const GoOn& go_on) {
  std::int64_t all = 0, before = 0;
  for (const auto& lane : lanes_) all += lane->training().total_steps();
  for (const auto& lane : lanes_) {
    const Training& training = lane->training();
    const auto tell = [&] {
      return !go_on ||
             go_on(static_cast<std::size_t>(before + training.steps()), static_cast<std::size_t>(all));
    };
    if (!lane->rehearse(tell)) return false;
    before += training.total_steps();
  }
  return true;
}

Plane Race::plane() const {
  std::vector<const std::vector<Snapshot>*> paths;
  for (const auto& lane : lanes_)
    if (!lane->rehearsed().empty() && !apart(lane->training())) paths.push_back(&lane->rehearsed());
  if (!paths.empty())
    if (auto through_all = race_plane(paths)) return *std::move(through_all);
  const Training& first = lanes_.front()->training();
  const ParamLayout& layout = first.program().layout();
  Plane random;
  random.kind = DirectionKind::kRandom;
  random.origin.resize(layout.floats);
  first.program().read_params(random.origin);
  random.d1 = filter_normalised_direction(layout, random.origin, first.seed(), 0);
  random.d2 = filter_normalised_direction(layout, random.origin, first.seed(), 1);
  return random;
}

bool Race::prepare(const GoOn& go_on) {
  if (spec_.plane == "rehearsed" && !rehearse(go_on)) return false;
  framed_ = std::make_unique<FramedPlane>(framing_.frame(plane()));
  for (const auto& lane : lanes_) lane->lay_on(framed_->plane, apart(lane->training()));
  while (!framed_->ready()) {
    if (go_on && !go_on(0, 0)) return false;
    if (grids_.evaluate_next(*framed_, kPointsAtOnce).points == 0) break;
  }
  lower_half_to_front();
  ++plane_number_;
  return true;
}

// As a training's landscape does: there it does not hide the paths behind a ridge.
void Race::lower_half_to_front() {
  if (framed_->plane.kind != DirectionKind::kPca || !framed_->lower_half_behind()) return;
  framed_->plane.flip_b();
  for (const auto& lane : lanes_) lane->flip_b();
  for (ProbedGrid* grid : {&framed_->train, framed_->test ? &*framed_->test : nullptr}) {
    if (grid == nullptr) continue;
    grid->surface.flip_b();
    grid->id = framing_.next_id();
  }
}

std::int64_t Race::own_steps(const Training& training, std::int64_t round) const {
  const std::int64_t steps = in_steps() ? round : round * training.steps_per_epoch() / steps_per_epoch_;
  return std::min(steps, training.total_steps());
}

std::int64_t Race::advance(std::int64_t most) {
  std::int64_t made = 0;
  for (; made < most && !over(); ++made) {
    ++round_;
    for (const auto& lane : lanes_) {
      if (rest_) rest_();
      lane->go_to(own_steps(lane->training(), round_));
    }
  }
  if (made > 0) ++version_;
  return made;
}

void Race::let_rest(const std::function<void()>& rest) {
  rest_ = rest;
  for (const auto& lane : lanes_) lane->training().program().let_rest(rest);
}

RunState Race::state() const {
  if (round_ == 0) return RunState::kReady;
  bool all_over = true, all_diverged = true;
  for (const auto& lane : lanes_) {
    all_over = all_over && lane->training().over();
    all_diverged = all_diverged && lane->training().state() == RunState::kDiverged;
  }
  if (!all_over) return RunState::kTraining;
  return all_diverged ? RunState::kDiverged : RunState::kFinished;
}

SubjectFacts Race::facts() {
  const auto rate_of = [](const auto& lane) { return lane->training().rate(); };
  const double rate = rate_of(lanes_.front());
  const bool one_rate = std::ranges::all_of(lanes_, [&](const auto& lane) { return rate_of(lane) == rate; });
  const Surface& surface = framed_->train.surface;
  return {.epoch = round_ / steps_per_epoch_,
          .rate = one_rate ? rate : 0,
          .seed = seed_,
          .grid_evaluated = surface.evaluated(),
          .grid_cells = surface.cells().size(),
          .grid_error = surface.error()};
}

bool Race::work(std::size_t points) {
  std::size_t left = points;
  while (left > 0) {
    const std::size_t done = grids_.evaluate_next(*framed_, std::min(left, kPointsAtOnce)).points;
    if (done == 0) break;
    left -= std::min(done, left);
    ++version_;
  }
  return left == 0;
}

void Race::catch_up() {
  for (const auto& lane : lanes_)
    if (lane->catch_up()) ++version_;
}

LandscapeView Race::view_landscape() const {
  LandscapeView view{.plane = &framed_->plane, .surfaces = {}, .paths = {}};
  const auto add = [&view](const ProbedGrid& grid) {
    view.surfaces.push_back({&grid.surface, grid.of_test ? "test" : "training", grid.probe.size()});
  };
  add(framed_->train);
  if (framed_->test && framed_->test->surface.ready()) add(*framed_->test);
  for (const auto& lane : lanes_) {
    // As far as it has a place.
    const std::span<const PathPoint> path = lane->path();
    const auto end =
        std::ranges::find_if(path, [](const PathPoint& point) { return !std::isfinite(point.a); });
    if (end != path.begin())
      view.paths.push_back({lane->name(), path.first(static_cast<std::size_t>(end - path.begin()))});
  }
  return view;
}

void Race::reset(std::uint64_t seed) {
  seed_ = seed;
  round_ = 0;
  // Runs that differ in their starts keep them. Cannot fail: each began this way.
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (auto done = lanes_[i]->reset(start_of(spec_, i).value_or(seed)); !done)
      log_line(LogLevel::kError, done.error().message);
  ++version_;
}

void Race::apply(const Command& command) {
  if (const auto* again = std::get_if<command::Reset>(&command)) reset(again->seed);
  if (const auto* show = std::get_if<command::ShowHeights>(&command)) {
    framing_.choose(show->scale);
    framed_->choose(show->scale);
    ++version_;
  }
}

}  // namespace fl
