// What a step is told to be is what the optimizer does: the phases' numbers are compared with its own step.
#include "trainer/subjects/descents/step_phases.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "trainer/subjects/descents/descents.h"

namespace fl {
namespace {

OptimizerSpec defaults(const std::string& name) {
  return optimizer_info(optimizer_by_name(name).value()).defaults;
}

class StepPhases : public testing::TestWithParam<std::string> {};

TEST_P(StepPhases, AddUpToTheStepOfTheOptimizer) {
  const TwoParameterSurface& surface = *find_two_parameter_surface("local-minimum");
  OptimizerSpec spec = defaults(GetParam());
  if (spec.kind == OptimizerKind::kGradientDescent || spec.kind == OptimizerKind::kQhm)
    spec.weight_decay = 0.05;  // it joins the gradient
  if (spec.kind == OptimizerKind::kQhAdam) spec.nu2 = 0.8;
  const double rate = surface.rate_of(spec.kind);
  OptimizerState memory;
  memory.reset(spec, 2, {{0, 2}});
  std::array<float, 2> at{1.5f, 1.1f};
  for (int step = 0; step < 40; ++step) {
    const TwoParameters slope = surface.gradient({static_cast<double>(at[0]), static_cast<double>(at[1])});
    const std::array gradient{static_cast<float>(slope[0]), static_cast<float>(slope[1])};
    const PhasedStep told =
        phases_of({.optimizer = spec, .rate = rate, .memory = memory, .at = at, .gradient = gradient});
    EXPECT_EQ(told.phases.size(), phase_count(spec.kind));
    const std::array<float, 2> before = at;
    optimizer_step(spec, rate, memory, gradient, at);
    EXPECT_EQ(told.next, at) << "the ghost is where the ball lands, to the bit";
    ASSERT_EQ(told.memory.size(), memory.arrays.size());
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double moved = static_cast<double>(at[axis]) - static_cast<double>(before[axis]);
      EXPECT_NEAR(told.step[axis], moved, 1e-6 * (std::abs(moved) + std::abs(static_cast<double>(at[axis]))))
          << "step " << step << ", axis " << axis;
      for (std::size_t i = 0; i < memory.arrays.size(); ++i) {
        const auto kept = static_cast<double>(memory.arrays[i][axis]);
        EXPECT_NEAR(told.memory[i][axis], kept, 1e-6 * (1e-2 + std::abs(kept))) << "array " << i;
      }
    }
    const PhaseShape& ghost = told.phases.back().shapes.back();
    EXPECT_EQ(ghost.kind, kMarkGhost);
    for (const StepPhase& phase : told.phases) {
      EXPECT_TRUE(phase.caption.ends_with(".")) << phase.caption;
      EXPECT_LT(phase.caption.size(), 190u) << phase.caption;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, StepPhases, testing::ValuesIn(optimizer_names()), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
});

std::vector<std::string> captions_of(const std::string& name) {
  const OptimizerSpec spec = defaults(name);
  OptimizerState memory;
  memory.reset(spec, 2, {{0, 2}});
  for (std::vector<float>& array : memory.arrays) array = {0.25f, 4.0f};
  memory.steps = 1;
  std::vector<std::string> captions;
  for (const StepPhase& phase :
       phases_of({.optimizer = spec, .rate = 0.1, .memory = memory, .at = {1, 2}, .gradient = {1, -2}})
           .phases)
    captions.push_back(std::regex_replace(phase.caption, std::regex("\u00A0"), " "));
  return captions;
}

TEST(StepPhaseWords, SayTheNumbers) {
  EXPECT_EQ(
      captions_of("momentum"),
      (std::vector<std::string>{
          "The momentum left by the steps before: (0.250, 4.00).",
          "It shrinks to 0.9 of itself: (0.225, 3.60).",
          "The gradient (1.00, -2.00), times the rate 0.1, joins at its tip, downhill: (-0.100, 0.200).",
          "Both together are the step, and the momentum of the next one: (0.125, 3.80).",
          "The ball goes there: from (1.00, 2.00) to (1.12, 5.80)."}));
  const std::vector<std::string> adagrad = captions_of("adagrad");
  // Squares of 0.25 and 4 have sides 0.5 and 2; they grow to 1.25 and 8.
  EXPECT_NE(adagrad[0].find("(0.500, 2.00)"), std::string::npos) << adagrad[0];
  EXPECT_NE(adagrad[1].find("(1.12, 2.83)"), std::string::npos) << adagrad[1];
  EXPECT_NE(adagrad[2].find("the step is (-0.0894, 0.0707)"), std::string::npos) << adagrad[2];
}

// What the slot holds of a lesson with these phases after so many moves.
struct Shown {
  Frame frame;
  std::vector<PhaseMark> marks;
};
Shown shown(Descents& descents, int moves) {
  for (int i = 0; i < moves; ++i) EXPECT_TRUE(descents.step());
  test::PlainRing ring(descents.capacity());
  EXPECT_TRUE(descents.publish(ring, RunState::kPaused, 0));
  const auto read = ring.read();
  Shown shown{*read, {}};
  const auto marks = read->slot.phase_marks().first(shown.frame.facts.phase.marks);
  shown.marks.assign(marks.begin(), marks.end());
  return shown;
}

TEST(DescentPhases, PlayingGoesFromPhaseToPhaseAndThenSteps) {
  Descents descents({.optimizers = {"momentum", "adam"}, .phases = "momentum"});
  EXPECT_EQ(descents.moves_a_step(), 5);
  for (int step = 0; step < 2; ++step)
    for (std::uint32_t phase = 1; phase <= 5; ++phase) {
      const Shown now = shown(descents, step + phase == 1 ? 0 : 1);
      EXPECT_EQ(descents.steps(), step);
      EXPECT_EQ(now.frame.facts.phase.number, phase);
      EXPECT_EQ(now.frame.facts.phase.count, 5u);
      EXPECT_EQ(now.frame.facts.phase.path, 0);
      EXPECT_EQ(now.marks.empty(), false);
    }
}

TEST(DescentPhases, TheGhostLiesWhereTheNextStepLands) {
  for (const std::string& name : optimizer_names()) {
    Descents descents({.surface = "hills", .optimizers = {name}, .phases = name});
    const Shown last = shown(descents, 4 * static_cast<int>(descents.moves_a_step()) - 1);
    const auto ghost = std::ranges::find(last.marks, kMarkGhost, &PhaseMark::kind);
    ASSERT_NE(ghost, last.marks.end()) << name;
    EXPECT_EQ(last.frame.facts.phase.enlarged, 1) << "the ball goes as far as it goes";
    const std::int64_t steps = descents.steps();
    const Shown next = shown(descents, 1);
    EXPECT_EQ(descents.steps(), steps + 1);
    EXPECT_NEAR(ghost->to_a, next.frame.header.paths[0].ball.a, 1e-6) << name;
    EXPECT_NEAR(ghost->to_b, next.frame.header.paths[0].ball.b, 1e-6) << name;
    EXPECT_NEAR(ghost->loss, next.frame.header.paths[0].ball.real_loss, 1e-5) << name;
  }
}

TEST(DescentPhases, AStepIsAWholeOneAndAPhaseIsOne) {
  Descents descents({.optimizers = {"adam"}});
  descents.apply(command::Phase{});
  EXPECT_EQ(descents.facts().descents->phases, "all") << "the first one begins with everybody's";
  EXPECT_EQ(descents.moves_a_step(), 3);
  descents.apply(command::ShowPhases{"adam"});
  descents.apply(command::Phase{});
  descents.apply(command::Phase{});
  EXPECT_EQ(descents.facts().descents->phase, 3u);
  EXPECT_EQ(descents.steps(), 0);
  descents.apply(command::Step{2});
  EXPECT_TRUE(descents.step());
  EXPECT_TRUE(descents.step());
  EXPECT_EQ(descents.steps(), 2);
  EXPECT_EQ(descents.facts().descents->phase, 1u);
  EXPECT_TRUE(descents.step());
  EXPECT_EQ(descents.steps(), 2) << "a phase again";
  descents.apply(command::ShowPhases{"none"});
  EXPECT_TRUE(descents.step());
  EXPECT_EQ(descents.steps(), 3);
  EXPECT_EQ(shown(descents, 0).frame.facts.phase.number, 0u);
}

TEST(DescentPhases, ChangeNoStep) {
  Descents whole({.optimizers = {"adamw", "qhm"}}), told({.optimizers = {"adamw", "qhm"}, .phases = "all"});
  for (int i = 0; i < 20; ++i) whole.step();
  while (told.steps() < 20) told.step();
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(whole.position(i), told.position(i));
}

TEST(DescentPhases, TogetherEachBallHasItsOwn) {
  Descents descents({.phases = "all"});
  const Shown first = shown(descents, 0);
  EXPECT_EQ(first.marks.size(), optimizer_names().size());
  EXPECT_EQ(first.frame.facts.phase.path, -1);
  EXPECT_EQ(shown(descents, 2).marks.size(), 2 * optimizer_names().size()) << "a step and a ghost each";
}

TEST(DescentStart, IsWhereACommandSays) {
  Descents descents({.optimizers = {"momentum"}});
  descents.step();
  descents.apply(command::SetStart{{-1.25, 0.5}});
  EXPECT_EQ(descents.steps(), 0);
  EXPECT_EQ(descents.position(0), (TwoParameters{-1.25, 0.5}));
  descents.apply(command::Reset{1});
  EXPECT_EQ(descents.position(0), (TwoParameters{-1.25, 0.5})) << "and stays there";
}

TEST(DescentSurface, IsAnotherOneFromItsOwnStart) {
  Descents descents({.optimizers = {"adam"}, .rate = 0.3});
  const std::uint32_t before = shown(descents, 3).frame.facts.plane_number;
  descents.apply(command::SetSurface{"rosenbrock"});
  const Shown now = shown(descents, 0);
  EXPECT_EQ(descents.facts().descents->surface, "rosenbrock");
  EXPECT_EQ(descents.facts().rate, 0) << "with its own rates";
  EXPECT_NE(now.frame.facts.plane_number, before);
  EXPECT_EQ(now.frame.header.b_max, 3);
  EXPECT_EQ(now.frame.header.ball.a, -1.5f);
  EXPECT_EQ(descents.total_steps(), 400);
  while (descents.step()) {
  }
  EXPECT_EQ(shown(descents, 0).frame.header.path_count, 401u) << "a slot has room for it";
  descents.apply(command::SetSurface{{}, "x^2 + z^2"});
  EXPECT_EQ(descents.facts().descents->formula, "x^2 + z^2");
  EXPECT_EQ(descents.function().value({1, 2}), 5);
}

}  // namespace
}  // namespace fl
