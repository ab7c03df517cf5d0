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

std::size_t points_of(const Training& first, std::size_t runs) {
  const LandscapeSpec& landscape = first.spec().landscape;
  const std::size_t wanted = std::clamp(kPathPoints / runs, kLeastPoints, kMostPoints);
  return std::min(wanted, kept_snapshots(landscape, first.program().layout().floats * runs));
}

}  // namespace

Race::Race(RaceSpec spec, std::vector<RaceRun> runs)
    : spec_(std::move(spec)), seed_(runs.front().training->seed()), ground_(*runs.front().training) {
  FL_CHECK(runs.size() >= 2 && runs.size() <= kFrameMaxPaths);
  const std::size_t points = points_of(*runs.front().training, runs.size());
  for (RaceRun& run : runs) {
    steps_per_epoch_ = std::max(steps_per_epoch_, run.training->steps_per_epoch());
    lanes_.push_back(
        std::make_unique<Lane>(std::move(run.name), std::move(run.training), points, ground_.path_probe()));
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

bool Race::rehearse(const GoOn& go_on) {
  std::int64_t all = 0, before = 0;
  for (const auto& lane : lanes_) all += lane->training().total_steps();
  for (const auto& lane : lanes_) {
    const Training& training = lane->training();
    const auto tell = [&] {
      return !go_on ||
             go_on(static_cast<std::size_t>(before + training.steps()), static_cast<std::size_t>(all));
    };
    if (!lane->rehearse(tell, about_ends())) return false;
    before += training.total_steps();
  }
  return true;
}

// Through its end where that is known and gives a number, else through where it stands.
Plane Race::random_plane(const Lane& lane) {
  const Training& training = lane.training();
  const ParamLayout& layout = training.program().layout();
  Plane random;
  random.kind = DirectionKind::kRandom;
  if (!lane.rehearsed().empty() && std::isfinite(*lane.rehearsed().back().loss)) {
    random.origin = lane.rehearsed().back().params;
  } else {
    random.origin.resize(layout.floats);
    training.program().read_params(random.origin);
  }
  random.d1 = filter_normalised_direction(layout, random.origin, training.seed(), 0);
  random.d2 = filter_normalised_direction(layout, random.origin, training.seed(), 1);
  return random;
}

Plane Race::plane() const {
  const Lane& first = *lanes_.front();
  std::vector<const std::vector<Snapshot>*> paths;
  for (const auto& lane : lanes_)
    if (!lane->rehearsed().empty() && same_network(lane->training(), first.training()))
      paths.push_back(&lane->rehearsed());
  if (!paths.empty() && !about_ends())
    if (auto through_all = race_plane(paths)) return *std::move(through_all);
  return random_plane(first);
}

const Ground* Race::ground_of(const Lane& lane) const {
  if (same_network(lane.training(), lanes_.front()->training())) return &ground_;
  if (second_ground_ && same_network(lane.training(), lanes_[second_run_]->training()))
    return second_ground_.get();
  return nullptr;
}

bool Race::prepare(const GoOn& go_on) {
  if (spec_.plane != "random" && !rehearse(go_on)) return false;
  for (std::size_t i = 0; i < lanes_.size() && about_ends() && !second_ground_; ++i)
    if (ground_of(*lanes_[i]) == nullptr) {
      second_ground_ = std::make_unique<Ground>(lanes_[i]->training());
      second_run_ = i;
    }
  // Where the second surface is that of another network, there is no room for the test set's.
  ground_.lay(plane(), second_ground_ == nullptr);
  if (second_ground_) second_ground_->lay(random_plane(*lanes_[second_run_]), false);
  for (const auto& lane : lanes_) {
    const Ground* ground = ground_of(*lane);
    lane->lay_on(ground != nullptr ? ground->plane() : ground_.plane(), ground == nullptr);
  }
  const auto tell = [&go_on] { return !go_on || go_on(0, 0); };
  for (Ground* ground : {&ground_, second_ground_.get()})
    if (ground != nullptr && !ground->prepare(tell)) return false;
  // As a training's landscape does: there it does not hide the paths behind a ridge.
  if (ground_.plane().kind == DirectionKind::kPca && ground_.turn_lower_half_back())
    for (const auto& lane : lanes_) lane->flip_b();
  ++plane_number_;
  return true;
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
  const Surface& surface = ground_.surface();
  return {.epoch = round_ / steps_per_epoch_,
          .rate = one_rate ? rate : 0,
          .seed = seed_,
          .grid_evaluated = surface.evaluated(),
          .grid_cells = surface.cells().size(),
          .grid_error = surface.error()};
}

// In turns: they are compared.
Ground& Race::next_ground() {
  if (!second_ground_ || second_ground_->framed().finished()) return ground_;
  const bool behind = second_ground_->surface().evaluated() < ground_.surface().evaluated();
  return behind || ground_.framed().finished() ? *second_ground_ : ground_;
}

std::size_t Race::points_left() const {
  return ground_.framed().cells_left() + (second_ground_ ? second_ground_->framed().cells_left() : 0);
}

bool Race::work(std::size_t points) {
  std::size_t left = points;
  while (left > 0) {
    const std::size_t done = next_ground().work(left);
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
  LandscapeView view{.plane = &ground_.plane(), .surfaces = {}, .paths = {}};
  const auto add = [&view](const ProbedGrid& grid, const std::string& network) {
    view.surfaces.push_back({&grid.surface, grid.of_test ? "test" : "training", grid.probe.size(), network});
  };
  const FramedPlane& framed = ground_.framed();
  add(framed.train, second_ground_ ? lanes_.front()->name() : "");
  if (framed.test && framed.test->surface.ready()) add(*framed.test, "");
  if (second_ground_) add(second_ground_->framed().train, lanes_[second_run_]->name());
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
    for (Ground* ground : {&ground_, second_ground_.get()})
      if (ground != nullptr) ground->choose(show->scale);
    ++version_;
  }
}

}  // namespace fl
