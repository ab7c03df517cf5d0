#include "trainer/subjects/descents/descents.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "trainer/base/check.h"

namespace fl {
namespace {

// Of the surface's half width: who is farther out will not come back, and drawing it would shrink the rest.
constexpr double kFarthest = 25;

const TwoParameterSurface& function_of(const DescentsSpec& spec) {
  const TwoParameterSurface* found = find_two_parameter_surface(spec.surface);
  FL_CHECK_MSG(found != nullptr, "no surface {}", spec.surface);
  return *found;
}

// The whole space as its own plane.
Plane plane_of(const TwoParameterSurface& function) {
  Plane plane;
  plane.kind = DirectionKind::kParameters;
  plane.origin = {0, 0};
  plane.d1 = {1, 0};
  plane.d2 = {0, 1};
  plane.a_min = function.low[0];
  plane.a_max = function.high[0];
  plane.b_min = function.low[1];
  plane.b_max = function.high[1];
  return plane;
}

TwoParameters widen(const std::vector<float>& at) {
  return {static_cast<double>(at[0]), static_cast<double>(at[1])};
}

}  // namespace

Descents::Descents(const DescentsSpec& spec)
    : function_(function_of(spec)),
      start_(spec.start.size() == 2 ? TwoParameters{spec.start[0], spec.start[1]} : function_.start),
      rate_(spec.rate),
      total_steps_(spec.steps > 0 ? spec.steps : function_.steps),
      plane_(plane_of(function_)),
      surface_(static_cast<std::uint32_t>(spec.grid), plane_) {
  const std::vector<std::string>& names = spec.optimizers.empty() ? optimizer_names() : spec.optimizers;
  FL_CHECK(names.size() <= kFrameMaxPaths);
  for (const std::string& name : names) {
    Descent descent;
    descent.optimizer = optimizer_info(optimizer_by_name(name).value()).defaults;
    descents_.push_back(std::move(descent));
  }
  while (!surface_.finished())
    for (const Surface::Cell& cell : surface_.next(4096))
      surface_.set(cell, function_.value({cell.a, cell.b}));
  restart();
}

std::vector<std::string> Descents::path_names() const {
  std::vector<std::string> names;
  for (const Descent& descent : descents_) names.emplace_back(optimizer_info(descent.optimizer.kind).label);
  return names;
}

TwoParameters Descents::position(std::size_t index) const {
  return widen(descents_.at(index).at);
}

double Descents::rate_of(const Descent& descent) const {
  return rate_ > 0 ? rate_ : function_.rate_of(descent.optimizer.kind);
}

PathPoint Descents::point_at(const std::vector<float>& at) const {
  const auto loss = static_cast<float>(function_.value(widen(at)));
  return {.a = at[0],
          .b = at[1],
          .real_loss = loss,
          .slice_loss = loss,  // the plane is the whole space
          .step = static_cast<float>(steps_)};
}

void Descents::restart() {
  steps_ = 0;
  state_ = RunState::kReady;
  for (Descent& descent : descents_) {
    descent.at = {static_cast<float>(start_[0]), static_cast<float>(start_[1])};
    descent.memory.reset(descent.optimizer, descent.at.size(), {{0, descent.at.size()}});
    descent.diverged = false;
    descent.path = {point_at(descent.at)};
    descent.path.reserve(static_cast<std::size_t>(total_steps_) + 1);
    descent.path.back().rate = static_cast<float>(rate_of(descent));
  }
  ++version_;
  ++starts_;
}

void Descents::move(Descent& descent) {
  const TwoParameters slope = function_.gradient(widen(descent.at));
  const std::array gradient{static_cast<float>(slope[0]), static_cast<float>(slope[1])};
  const double rate = rate_of(descent);
  const double length = optimizer_step(descent.optimizer, rate, descent.memory, gradient, descent.at);
  PathPoint point = point_at(descent.at);
  point.step_length = static_cast<float>(length);
  point.rate = static_cast<float>(rate);
  const double half = (function_.high[0] - function_.low[0]) / 2;
  const auto lost = [&](float v) { return !(std::abs(static_cast<double>(v)) < kFarthest * half); };
  if (!std::isfinite(point.real_loss) || lost(point.a) || lost(point.b)) {
    descent.diverged = true;
    return;
  }
  descent.path.push_back(point);
}

std::int64_t Descents::advance(std::int64_t most) {
  std::int64_t made = 0;
  while (made < most && make_step()) ++made;
  return made;
}

bool Descents::make_step() {
  if (over()) return false;
  state_ = RunState::kTraining;
  ++steps_;
  bool any = false;
  for (Descent& descent : descents_) {
    if (!descent.diverged) move(descent);
    any = any || !descent.diverged;
  }
  ++version_;
  if (!any)
    state_ = RunState::kDiverged;
  else if (steps_ == total_steps_)
    state_ = RunState::kFinished;
  return true;
}

void Descents::apply(const Command& command) {
  if (const auto* reset = std::get_if<command::Reset>(&command)) {
    seed_ = reset->seed;
    restart();
  }
  if (const auto* set = std::get_if<command::SetRate>(&command))
    rate_ = std::clamp(set->rate, kMinRate, kMaxRate);
}

LandscapeView Descents::view_landscape() const {
  LandscapeView view{.plane = &plane_, .surfaces = {{.surface = &surface_}}, .paths = {}};
  for (const Descent& descent : descents_)
    view.paths.push_back({optimizer_info(descent.optimizer.kind).label, descent.path});
  return view;
}

FrameCapacity Descents::capacity() const {
  const auto points = static_cast<std::size_t>(total_steps_ + 1) * descents_.size();
  return {.grid_side = surface_.side(), .path_points = static_cast<std::uint32_t>(points), .epoch_points = 1};
}

bool Descents::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  Frame frame;
  frame.facts.step = static_cast<std::uint32_t>(steps_);
  frame.facts.total_steps = static_cast<std::uint32_t>(total_steps_);
  frame.facts.state = state;
  frame.facts.rate = static_cast<float>(rate_);
  frame.facts.steps_per_second = static_cast<float>(steps_per_second);

  std::ranges::copy(surface_.heights(), slot->heights().begin());
  std::ranges::copy(surface_.cells(), slot->cells().begin());
  frame.facts.grid_side = surface_.side();
  frame.facts.grid_ready = frame.facts.grid_finished = true;
  frame.facts.grid_error = frame.facts.grid_log_error = 0;
  frame.facts.grid_evaluated = surface_.evaluated();
  frame.facts.plane_number = starts_;
  frame.header.a_min = static_cast<float>(plane_.a_min);
  frame.header.a_max = static_cast<float>(plane_.a_max);
  frame.header.b_min = static_cast<float>(plane_.b_min);
  frame.header.b_max = static_cast<float>(plane_.b_max);
  frame.facts.loss_min = surface_.minimum();
  frame.facts.loss_max = surface_.maximum();
  frame.facts.directions = plane_.kind;

  std::uint32_t first = 0;
  frame.facts.curve_loss_min = surface_.minimum();
  frame.facts.curve_loss_max = frame.facts.curve_loss_min;
  for (const Descent& descent : descents_) {
    const auto count = static_cast<std::uint32_t>(descent.path.size());
    std::ranges::copy(descent.path, slot->path().begin() + first);
    FramePath& path = frame.header.paths[frame.header.several_paths];
    path = {.first = first,
            .count = count,
            .color = frame.header.several_paths,
            .diverged = descent.diverged ? 1u : 0u,
            .ball = descent.path.back()};
    ++frame.header.several_paths;
    first += count;
    // What stands on the picture: a descent that climbs out of it does not stretch the axis.
    for (const PathPoint& point : descent.path)
      frame.facts.curve_loss_max =
          std::max(frame.facts.curve_loss_max, std::min(point.real_loss, surface_.maximum()));
  }
  frame.header.path_count = frame.header.paths[0].count;
  frame.header.ball = frame.header.paths[0].ball;
  frame.facts.batch_loss = frame.header.ball.real_loss;
  sink.publish(*slot, frame);
  return true;
}

}  // namespace fl
