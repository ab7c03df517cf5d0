#include "trainer/subjects/descents/shown_phase.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr double kLongest = 0.42;       // of the surface's width: no arrow is enlarged beyond that
constexpr double kMostEnlarged = 1000;  // a step that is shorter than that shows is none

// By how much lengths of each unit are drawn larger than they are.
struct PhaseScale {
  std::array<double, 3> of_units{1, 1, 1};
  [[nodiscard]] double of(PhaseUnit unit) const { return of_units[static_cast<std::size_t>(unit)]; }
};

// The largest of 1, 2, 3, 5, 7, 10, 20... that is not larger.
double round_down(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  const double first = value / power;
  return power * (first >= 7 ? 7 : first >= 5 ? 5 : first >= 3 ? 3 : first >= 2 ? 2 : 1);
}

double farthest(const PhaseVector& v) {
  return std::max(std::abs(v[0]), std::abs(v[1]));
}

double longest(std::span<const StepPhase> phases, PhaseUnit unit) {
  double most = 0;
  for (const StepPhase& phase : phases)
    for (const PhaseShape& shape : phase.shapes)
      if (shape.unit == unit) most = std::max({most, farthest(shape.from), farthest(shape.to)});
  return most;
}

// One scale for all phases of a step, so that nothing but what a phase says changes its length.
PhaseScale scale_of(std::span<const StepPhase> phases, double width) {
  PhaseScale scale;
  for (const PhaseUnit unit : {PhaseUnit::kParameters, PhaseUnit::kSlopes, PhaseUnit::kMadeUp}) {
    const double most = longest(phases, unit);
    if (!(most > 0) || !std::isfinite(most)) continue;
    double& factor = scale.of_units[static_cast<std::size_t>(unit)];
    factor = round_down(kLongest * width / most);
    if (unit == PhaseUnit::kParameters) factor = std::clamp(factor, 1.0, kMostEnlarged);
  }
  return scale;
}

void add_marks(const StepPhase& phase, const PhaseBall& ball, const PhaseScale& scale,
               const SurfaceValue& value, std::vector<PhaseMark>& marks) {
  const auto at = [](const std::array<float, 2>& place) {
    return TwoParameters{static_cast<double>(place[0]), static_cast<double>(place[1])};
  };
  const TwoParameters here = at(ball.begin.at);
  const double loss = value(here);
  for (const PhaseShape& shape : phase.shapes) {
    const auto placed = [&](const PhaseVector& v, std::size_t axis) {
      return static_cast<float>(here[axis] + scale.of(shape.unit) * v[axis]);
    };
    PhaseMark mark{.from_a = placed(shape.from, 0),
                   .from_b = placed(shape.from, 1),
                   .to_a = placed(shape.to, 0),
                   .to_b = placed(shape.to, 1),
                   .loss = static_cast<float>(loss),
                   .kind = shape.kind,
                   .role = shape.role,
                   .before = shape.before ? 1u : 0u};
    if (mark.kind == kMarkGhost)
      mark.loss = static_cast<float>(value({here[0] + shape.to[0], here[1] + shape.to[1]}));
    if (mark.role == kRoleOfPath) mark.role += ball.path;
    const bool finite = std::isfinite(mark.to_a) && std::isfinite(mark.to_b) && std::isfinite(mark.loss);
    if (finite && marks.size() < kMostPhaseMarks) marks.push_back(mark);
  }
}

// What all steps have in common: a slope, the step that comes of it, the place it leads to.
StepPhase phase_together(const StepBegin& begin, const PhasedStep& told, std::size_t number) {
  const StepPhase& landing = told.phases.back();
  StepPhase phase;
  if (number == 0)
    phase.shapes = {
        {.kind = kMarkArrow,
         .role = kRoleOfPath,
         .unit = PhaseUnit::kSlopes,
         .from = {},
         .to = {-static_cast<double>(begin.gradient[0]), -static_cast<double>(begin.gradient[1])}}};
  else if (number == 1)
    phase.shapes = {landing.shapes.front()};
  else
    phase.shapes = landing.shapes;
  return phase;
}

const char* const kTogether[kPhasesTogether] = {
    "Each ball feels the gradient where it lies: the steeper, the longer its arrow, downhill.",
    "Each method makes its own step of that and of what it remembers.",
    "There the balls go.",
};

}  // namespace

ShownPhase shown_phase(std::span<const PhaseBall> balls, bool together, std::size_t number, double width,
                       const SurfaceValue& value) {
  ShownPhase shown;
  std::vector<PhasedStep> told;
  for (const PhaseBall& ball : balls) told.push_back(phases_of(ball.begin));
  if (told.empty()) return shown;
  PhaseFacts& facts = shown.facts;
  if (!together) {
    const std::vector<StepPhase>& phases = told.front().phases;
    FL_CHECK(number < phases.size());
    PhaseScale scale = scale_of(phases, width);
    if (number + 1 == phases.size()) scale = {};  // the ball goes as far as it goes
    add_marks(phases[number], balls.front(), scale, value, shown.marks);
    facts.caption = phases[number].caption;
    facts.count = static_cast<std::uint32_t>(phases.size());
    facts.path = static_cast<std::int32_t>(balls.front().path);
    const auto& shapes = phases[number].shapes;
    if (std::ranges::count(shapes, PhaseUnit::kParameters, &PhaseShape::unit) > 0)
      facts.enlarged = static_cast<float>(scale.of(PhaseUnit::kParameters));
  } else {
    FL_CHECK(number < kPhasesTogether);
    std::vector<StepPhase> all;
    for (std::size_t i = 0; i < told.size(); ++i)
      for (std::size_t k = 0; k < kPhasesTogether; ++k)
        all.push_back(phase_together(balls[i].begin, told[i], k));
    PhaseScale scale = scale_of(all, width);
    if (number + 1 == kPhasesTogether) scale = {};
    for (std::size_t i = 0; i < told.size(); ++i)
      add_marks(all[i * kPhasesTogether + number], balls[i], scale, value, shown.marks);
    facts.caption = kTogether[number];
    facts.count = kPhasesTogether;
    facts.enlarged = number == 0 ? 1 : static_cast<float>(scale.of(PhaseUnit::kParameters));
  }
  facts.number = static_cast<std::uint32_t>(number + 1);
  facts.marks = static_cast<std::uint32_t>(shown.marks.size());
  return shown;
}

}  // namespace fl
