#pragma once
// A phase of the next step as a slot shows it: its marks about the ball, enlarged where the step is short,
// and its words.

#include <functional>
#include <span>
#include <vector>

#include "trainer/landscape/two_parameters.h"
#include "trainer/seam/frame_facts.h"
#include "trainer/subjects/descents/step_phases.h"

namespace fl {

// A slot holds so many.
inline constexpr std::uint32_t kMostPhaseMarks = 64;

// One of the descents whose next step is told.
struct PhaseBall {
  StepBegin begin;
  std::uint32_t path = 0;  // its index among FrameHeader::paths
};

struct ShownPhase {
  PhaseFacts facts;
  std::vector<PhaseMark> marks;
};

using SurfaceValue = std::function<double(const TwoParameters& at)>;

// Phase `number`, from 0, of the step of the one that `balls` holds, or with `together` of all of theirs.
// `width`: of the surface, in parameters.
[[nodiscard]] ShownPhase shown_phase(std::span<const PhaseBall> balls, bool together, std::size_t number,
                                     double width, const SurfaceValue& value);
// Phases a second, where nobody says: time to read a sentence.
inline constexpr double kPhasePace = 0.7;
// So many phases has a step that is told for all together.
inline constexpr std::size_t kPhasesTogether = 3;

}  // namespace fl
