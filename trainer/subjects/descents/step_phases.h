#pragma once
// One step of an optimizer on two parameters, told in phases: what it remembers, how that fades, how the
// gradient joins, which step comes of it, and where that leads. For the picture beside which a lecturer
// explains a method; the formulas are those of compute/kernels/optimizer_kernels.h.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/optim/optimizer.h"
#include "trainer/seam/frame_header.h"

namespace fl {

// What two lengths in a phase have in common, so that both are drawn at one scale: they are of parameters, of
// slopes (loss over parameter), or of averages of slopes that are made up for their empty start.
enum class PhaseUnit { kParameters, kSlopes, kMadeUp };

using PhaseVector = std::array<double, 2>;

// An arrow, or a square that two of its corners say: from the ball, in the unit.
struct PhaseShape {
  std::uint32_t kind = kMarkArrow;
  std::uint32_t role = kRoleGradient;  // kRoleOfPath: the step itself
  PhaseUnit unit = PhaseUnit::kParameters;
  PhaseVector from{}, to{};
  bool before = false;  // as it was before this phase
};

struct StepPhase {
  std::string caption;
  std::vector<PhaseShape> shapes;
};

struct PhasedStep {
  // The last one is where the ball goes: its step at its own length, and no other shape.
  std::vector<StepPhase> phases;
  // Where optimizer_step leads from here.
  std::array<float, 2> next{};
  // The step as the phases put it together, and what they leave in the optimizer's memory: optimizer_step's
  // to rounding.
  PhaseVector step{};
  std::vector<PhaseVector> memory;
};

// Where an optimizer stands on two parameters, and the gradient there.
struct StepBegin {
  const OptimizerSpec& optimizer;
  double rate = 0;
  const OptimizerState& memory;  // of two parameters
  std::array<float, 2> at{}, gradient{};
};
[[nodiscard]] PhasedStep phases_of(const StepBegin& begin);

// Whose phases are shown: nobody's, everybody's at once in three phases that all have, or one optimizer's, by
// its name.
inline constexpr const char *kNoPhases = "none", *kAllPhases = "all";
[[nodiscard]] const std::vector<std::string>& phase_choices();
// So many are there for each step of an optimizer.
[[nodiscard]] std::size_t phase_count(OptimizerKind kind);

}  // namespace fl
