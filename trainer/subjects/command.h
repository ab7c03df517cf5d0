#pragma once
// What a viewer may ask of a session: applied between two steps and logged with step and time, so that a
// session can be replayed. Each command carries its value as what it is.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "trainer/compute/kernels/optimizer_kind.h"
#include "trainer/landscape/loss_scale.h"
#include "trainer/landscape/plane_choice.h"
#include "trainer/subjects/forks/fork_change.h"
#include "trainer/subjects/record/earlier_runs.h"

namespace fl {

namespace command {

struct Play {
  bool operator==(const Play&) const = default;
};
struct Pause {
  bool operator==(const Pause&) const = default;
};
// Pauses, then makes so many steps.
struct Step {
  std::int64_t count = 1;
  bool operator==(const Step&) const = default;
};
// Back to the starting weights of this seed.
struct Reset {
  std::uint64_t seed = 1;
  bool operator==(const Reset&) const = default;
};
// The learning rate; what is outside kMinRate to kMaxRate becomes the nearer of the two. Of descents one for
// all; 0: the surface's own for each.
struct SetRate {
  double rate = 0;
  bool operator==(const SetRate&) const = default;
};
// Its memory begins empty.
struct SetOptimizer {
  OptimizerKind kind = OptimizerKind::kAdam;
  bool operator==(const SetOptimizer&) const = default;
};
// Steps a second while playing, at most kMostPace; 0: as fast as it goes.
struct SetPace {
  double steps_per_second = 0;
  bool operator==(const SetPace&) const = default;
};
// The image whose features are shown: an index into the data set.
struct ShowImage {
  std::int32_t image = 0;
  bool operator==(const ShowImage&) const = default;
};
// The same for an image that is not of the data set, prepared as those are (Training::prepare). What cannot
// be shown leaves the image before it in its place, with an error in the log. A session's file keeps the name
// only: pixels are many, and change nothing that is trained. Whoever replays it keeps the image before, and
// says so.
struct ShowPixels {
  struct Image {
    std::string name;             // of its file, for people
    std::vector<float> pixels{};  // [channel][y][x]; empty: not kept
    bool operator==(const Image&) const = default;
  };
  std::shared_ptr<const Image> image = std::make_shared<const Image>();  // never null
  bool operator==(const ShowPixels& other) const { return *image == *other.image; }
};

// How heights are drawn: the surface is refined until it is good enough in that scale. Nothing of the
// training depends on it.
struct ShowHeights {
  LossScale scale = LossScale::kLinear;
  bool operator==(const ShowHeights&) const = default;
};

// Where the network looks, over the image that is shown: on or off. Nothing of the training depends on it.
struct ShowHeat {
  bool on = false;
  std::int32_t of = -1;  // a class; -1: the most probable
  bool operator==(const ShowHeat&) const = default;
};
// Another plane of the landscape. What is shown stays until the new one has its first heights. Nothing of the
// training depends on this, or on the next two.
struct SetPlane {
  PlaneChoice plane;
  bool operator==(const SetPlane&) const = default;
};
// Whose losses the surface and the path show.
struct SetSurfaces {
  SurfaceSets surfaces = SurfaceSets::kTrain;
  bool operator==(const SetSurfaces&) const = default;
};
// So many images, at most kMostProbeImages, measure the loss at each point.
struct SetProbe {
  std::int32_t images = 256;
  bool operator==(const SetProbe&) const = default;
};

// Of descents on a surface of two parameters: whose next step is told in phases, one of phase_choices()
// (trainer/subjects/descents/step_phases.h). Playing goes from phase to phase then, and the last one makes
// the step.
struct ShowPhases {
  std::string of = "none";
  bool operator==(const ShowPhases&) const = default;
};
// Everybody begins again, there.
struct SetStart {
  std::array<double, 2> at{};
  bool operator==(const SetStart&) const = default;
};
// Another surface, from its own start and with its own rates: one of two_parameter_names(), or a formula, as
// own_surface() reads it.
struct SetSurface {
  std::string name;  // empty: the formula
  std::string formula{};
  bool operator==(const SetSurface&) const = default;
};
// Pauses, and goes one phase on. Where none is shown, those of all begin.
struct Phase {
  bool operator==(const Phase&) const = default;
};
// So many points a side of the surface's grid, one of kGridSides. Nothing of the training depends on it.
struct SetGrid {
  std::int32_t side = 33;
  bool operator==(const SetGrid&) const = default;
};

// The earlier runs of the lesson, behind the curves, in place of those before. Nothing of the training
// depends on them.
struct SetEarlier {
  std::shared_ptr<const EarlierRuns> runs = std::make_shared<const EarlierRuns>();  // never null
  bool operator==(const SetEarlier& other) const { return *runs == *other.runs; }
};

// Of a trainability map: another view, log10 of the rates; what cannot be shown becomes the nearest that can
// (trainer/subjects/trainability/rate_view.h).
struct ShowRates {
  std::array<double, 2> middle{};
  double span = 1;
  bool operator==(const ShowRates&) const = default;
};

// The curvature is measured every so many steps, at most kMostCurvatureSteps; 0: not. Nothing of the training
// depends on it.
struct MeasureCurvature {
  std::int32_t every = 0;
  bool operator==(const MeasureCurvature&) const = default;
};

// Clones the run as it is now, with one thing changed, to be trained on beside it. Where that cannot be, the
// log says why (SubjectFacts::no_fork).
struct MakeFork {
  ForkChange what = ForkChange::kRiver;
  bool operator==(const MakeFork&) const = default;
};
// The fork of that number goes; 0: all of them.
struct RemoveFork {
  std::int32_t number = 0;
  bool operator==(const RemoveFork&) const = default;
};
// Of a run whose fate is asked (trainer/subjects/fate): the forks of that step are shown, or of the nearest
// one that there are forks of. Nothing of the training depends on it.
struct ChooseForkStep {
  std::int32_t step = 0;
  bool operator==(const ChooseForkStep&) const = default;
};

// Here a take of the session's film begins, or ends, in turn. Nothing depends on it. `weights`: a checksum of
// those that the session has then, which it adds itself; a replay compares them. Empty: none are known.
struct Mark {
  std::string weights{};
  bool operator==(const Mark&) const = default;
};

}  // namespace command

using Command = std::variant<command::Play, command::Pause, command::Step, command::Reset, command::SetRate,
                             command::SetOptimizer, command::SetPace, command::ShowImage, command::ShowPixels,
                             command::ShowHeights, command::ShowHeat, command::SetPlane, command::SetSurfaces,
                             command::SetProbe, command::ShowPhases, command::Phase, command::SetStart,
                             command::SetSurface, command::SetGrid, command::SetEarlier, command::ShowRates,
                             command::MeasureCurvature, command::Mark, command::MakeFork, command::RemoveFork,
                             command::ChooseForkStep>;

namespace command {
[[nodiscard]] inline Command show_pixels(ShowPixels::Image image) {
  return ShowPixels{std::make_shared<const ShowPixels::Image>(std::move(image))};
}
}  // namespace command

// For the log: "play", "step", "step 3", "rate 0.02", "optimizer adam", "pixels of scan.png".
[[nodiscard]] std::string command_text(const Command& command);

}  // namespace fl
