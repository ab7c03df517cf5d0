#include "trainer/subjects/descents/descents.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "trainer/base/check.h"
#include "trainer/landscape/own_surface.h"

namespace fl {
namespace {

// Of the surface's half width: who is farther out will not come back, and drawing it would shrink the rest.
constexpr double kFarthest = 25;

// Precondition: there is one of that name, or the formula is one.
TwoParameterSurface function_of(const std::string& name, const std::string& formula) {
  if (!formula.empty()) return own_surface(formula).value();
  const TwoParameterSurface* found = find_two_parameter_surface(name);
  FL_CHECK_MSG(found != nullptr, "no surface {}", name);
  return *found;
}

Surface surface_of(const TwoParameterSurface& function, const Plane& plane, std::uint32_t side) {
  Surface surface(side, plane);
  while (!surface.finished())
    for (const Surface::Cell& cell : surface.next(4096)) surface.set(cell, function.value({cell.a, cell.b}));
  return surface;
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
    : function_(function_of(spec.surface, spec.formula)),
      formula_(spec.formula),
      steps_asked_(spec.steps),
      start_(spec.start.size() == 2 ? TwoParameters{spec.start[0], spec.start[1]} : function_.start),
      rate_(spec.rate),
      total_steps_(spec.steps > 0 ? spec.steps : function_.steps),
      plane_(plane_of(function_)),
      surface_(surface_of(function_, plane_, static_cast<std::uint32_t>(spec.grid))) {
  const std::vector<std::string>& names = spec.optimizers.empty() ? optimizer_names() : spec.optimizers;
  FL_CHECK(names.size() <= kFrameMaxPaths);
  for (const std::string& name : names) {
    Descent descent;
    descent.optimizer = optimizer_info(optimizer_by_name(name).value()).defaults;
    descents_.push_back(std::move(descent));
  }
  restart();
  show_phases(spec.phases);
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
  phase_ = 0;
  whole_steps_ = 0;
  update_phase();
}

std::array<float, 2> Descents::gradient_at(const Descent& descent) const {
  const TwoParameters slope = function_.gradient(widen(descent.at));
  return {static_cast<float>(slope[0]), static_cast<float>(slope[1])};
}

void Descents::show_surface(TwoParameterSurface function) {
  function_ = std::move(function);
  start_ = function_.start;
  rate_ = 0;
  if (steps_asked_ == 0) total_steps_ = function_.steps;
  plane_ = plane_of(function_);
  surface_ = surface_of(function_, plane_, surface_.side());
  restart();
}

void Descents::move(Descent& descent) {
  const std::array<float, 2> gradient = gradient_at(descent);
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
  while (made < most && make_move()) ++made;
  return made;
}

// A step, or the next phase of one: the step is made after its last.
bool Descents::make_move() {
  if (over()) return false;
  state_ = RunState::kTraining;
  if (whole_steps_ > 0 || phase_ + 1 >= static_cast<std::size_t>(moves_a_step())) {
    whole_steps_ = std::max<std::int64_t>(whole_steps_ - 1, 0);
    phase_ = 0;
    make_step();
  } else {
    ++phase_;
  }
  ++version_;
  update_phase();
  return true;
}

std::int64_t Descents::moves_a_step() const {
  const std::vector<std::size_t> balls = told();
  if (balls.empty()) return 1;
  return static_cast<std::int64_t>(
      phases_ == kAllPhases ? kPhasesTogether : phase_count(descents_[balls.front()].optimizer.kind));
}

void Descents::make_step() {
  ++steps_;
  bool any = false;
  for (Descent& descent : descents_) {
    if (!descent.diverged) move(descent);
    any = any || !descent.diverged;
  }
  if (!any)
    state_ = RunState::kDiverged;
  else if (steps_ == total_steps_)
    state_ = RunState::kFinished;
}

std::vector<std::size_t> Descents::told() const {
  std::vector<std::size_t> balls;
  if (phases_ == kNoPhases || over()) return balls;
  for (std::size_t i = 0; i < descents_.size(); ++i)
    if (!descents_[i].diverged &&
        (phases_ == kAllPhases || phases_ == optimizer_name(descents_[i].optimizer.kind)))
      balls.push_back(i);
  return balls;
}

void Descents::show_phases(const std::string& of) {
  phases_ = of;
  phase_ = 0;
  whole_steps_ = 0;
  update_phase();
  ++version_;
}

void Descents::update_phase() {
  std::vector<PhaseBall> balls;
  for (const std::size_t index : told()) {
    const Descent& descent = descents_[index];
    balls.push_back({{.optimizer = descent.optimizer,
                      .rate = rate_of(descent),
                      .memory = descent.memory,
                      .at = {descent.at[0], descent.at[1]},
                      .gradient = gradient_at(descent)},
                     static_cast<std::uint32_t>(index)});
  }
  shown_phase_ = shown_phase(balls, phases_ == kAllPhases, phase_, function_.high[0] - function_.low[0],
                             function_.value);
}

DescentsFacts Descents::descents_facts() const {
  DescentsFacts facts{.surface = function_.name,
                      .formula = formula_,
                      .start = start_,
                      .methods = {},
                      .phases = phases_,
                      .phase = shown_phase_.facts.number,
                      .phase_count = shown_phase_.facts.count};
  for (const Descent& descent : descents_) facts.methods.push_back(descent.optimizer.kind);
  return facts;
}

void Descents::apply(const Command& command) {
  if (const auto* reset = std::get_if<command::Reset>(&command)) {
    seed_ = reset->seed;
    restart();
  }
  if (const auto* set = std::get_if<command::SetRate>(&command)) {
    rate_ = set->rate > 0 ? std::clamp(set->rate, kMinRate, kMaxRate) : 0;
    update_phase();
    ++version_;
  }
  if (const auto* set = std::get_if<command::SetStart>(&command)) {
    start_ = set->at;
    restart();
  }
  if (const auto* set = std::get_if<command::SetSurface>(&command)) {
    formula_ = set->name.empty() ? set->formula : std::string();
    show_surface(function_of(set->name, formula_));
  }
  if (const auto* step = std::get_if<command::Step>(&command)) whole_steps_ += step->count;
  if (std::holds_alternative<command::Play>(command)) whole_steps_ = 0;
  if (const auto* show = std::get_if<command::ShowPhases>(&command)) show_phases(show->of);
  if (std::holds_alternative<command::Phase>(command)) {
    whole_steps_ = 0;
    if (phases_ == kNoPhases)
      show_phases(kAllPhases);
    else
      make_move();
  }
}

LandscapeView Descents::view_landscape() const {
  LandscapeView view{.plane = &plane_, .surfaces = {{.surface = &surface_}}, .paths = {}};
  for (const Descent& descent : descents_)
    view.paths.push_back({optimizer_info(descent.optimizer.kind).label, descent.path});
  return view;
}

FrameCapacity Descents::capacity() const {
  // Any surface may be chosen while it runs.
  std::int64_t most = total_steps_;
  if (steps_asked_ == 0)
    for (const TwoParameterSurface& each : two_parameter_surfaces())
      most = std::max<std::int64_t>(most, each.steps);
  const auto points = static_cast<std::size_t>(most + 1) * descents_.size();
  return {.grid_side = surface_.side(),
          .path_points = static_cast<std::uint32_t>(points),
          .epoch_points = 1,
          .phase_marks = kMostPhaseMarks};
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
  frame.facts.phase = shown_phase_.facts;
  std::ranges::copy(shown_phase_.marks, slot->phase_marks().begin());
  sink.publish(*slot, frame);
  return true;
}

}  // namespace fl
