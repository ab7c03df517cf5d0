#pragma once
// What a run steps and shows: a network in training with the landscape around it, optimizers on a surface of
// two parameters, or several trainings side by side. A Session owns one and gives it a thread, or drives it
// in lockstep for a film. No clock decides anything in here, so that the same calls give the same frames.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/device_uuid.h"
#include "trainer/seam/frame.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/curvature/measuring_facts.h"
#include "trainer/subjects/descents/descents_facts.h"
#include "trainer/subjects/landscape/landscape_answer.h"
#include "trainer/subjects/landscape/landscape_view.h"
#include "trainer/subjects/record/run_figures.h"
#include "trainer/subjects/trainability/rate_facts.h"

namespace fl {

class Race;
class Training;
struct SweepPlan;

// What of a subject its steps and commands change, for whoever watches.
struct SubjectFacts {
  std::int64_t epoch = 0;                    // epochs completed
  double rate = 0;                           // learning rate now; 0: each path has its own
  std::optional<OptimizerKind> optimizer{};  // none where several run at once
  std::uint64_t seed = 1;                    // of the current start
  // Of the surface that is shown: losses evaluated, of how many; none before there is one.
  std::size_t grid_evaluated = 0, grid_cells = 0;
  double grid_error = 1;      // of those predicted: Surface::error()
  bool ball_outside = false;  // of the surface that is shown
  std::optional<LandscapeChoice> landscape{};  // none where there is nothing to choose
  std::optional<MeasuringFacts> curvature{};   // none where no network is trained alone
  RunFigures figures{};
  std::optional<DescentsFacts> descents{};  // none where a network is trained
  std::optional<RateMapFacts> rates{};      // none where there is no trainability map
  // Why the run cannot be forked now, in a sentence; empty: it can.
  std::string no_fork =
      "Only a lesson that trains one network has forks; open another one, such as lesson 1.";
};

class Subject {
 public:
  virtual ~Subject() = default;

  // What a slot must hold for this subject.
  [[nodiscard]] virtual FrameCapacity capacity() const = 0;

  // The card from whose memory publish() can fill slots in that very memory; none where it fills the host's
  // only.
  [[nodiscard]] virtual std::optional<DeviceUuid> gpu() const { return std::nullopt; }
  // The slots lie in the memory of gpu(): from now on what they show is kept there, too. Before the first
  // step.
  virtual void use_device_slots() {}
  // Null where nothing is trained, or several are (race).
  [[nodiscard]] virtual Training* training() { return nullptr; }
  // Null where there is one run, or none.
  [[nodiscard]] virtual Race* race() { return nullptr; }
  // Null where there is no map of a sweep.
  [[nodiscard]] virtual std::shared_ptr<const SweepPlan> sweep() const { return nullptr; }

  // Up to `most` moves, at least one, with the frames of as many single ones; how many were made. None when
  // there is nothing to do: it is over. A move is a step of the optimizer, or where steps are told in phases,
  // one of those.
  virtual std::int64_t advance(std::int64_t most) = 0;
  bool step() { return advance(1) > 0; }
  // So many are a step.
  [[nodiscard]] virtual std::int64_t moves_a_step() const { return 1; }
  // How many of them are worth asking for at once.
  [[nodiscard]] virtual std::int64_t burst() const { return 1; }
  // kReady before the first step, then kTraining, kFinished or kDiverged.
  [[nodiscard]] virtual RunState state() const = 0;
  [[nodiscard]] virtual std::int64_t steps() const = 0;
  [[nodiscard]] virtual std::int64_t total_steps() const = 0;
  [[nodiscard]] bool over() const { return state() == RunState::kFinished || state() == RunState::kDiverged; }
  // Cheap where nothing has happened since the last call.
  [[nodiscard]] virtual SubjectFacts facts() = 0;

  // Does up to `points` landscape points of outstanding work. True when it did all of them, so that more may
  // be left; false when the landscape is complete.
  virtual bool work(std::size_t points) = 0;
  [[nodiscard]] virtual std::size_t points_left() const = 0;
  // Rises whenever the landscape or the path changed.
  [[nodiscard]] virtual std::uint64_t version() const = 0;
  // Brings the path to the newest step, which a fast run does not do for each.
  virtual void catch_up() = 0;
  // Evaluates what waits of the path: a film shows all of it.
  virtual void complete_path() = 0;
  // A film waits for all points before each of its pictures.
  [[nodiscard]] virtual bool shown_whole() const { return false; }
  // No step follows: from now on the landscape is about the whole path as it is.
  virtual void end_here() {}
  // What is shown of the landscape stays, through begin_here() and commands that begin anew, until somebody
  // chooses another.
  virtual void keep_landscape() {}
  // Whatever led to the weights as they are now is forgotten: the path begins here.
  virtual void begin_here() {}
  // As far as it is there; empty where there is none.
  [[nodiscard]] virtual LandscapeView view_landscape() const { return {}; }

  // Takes what came from elsewhere since the last call, as results that another process wrote. Cheap.
  virtual void listen() {}
  // What is said of a place of its map, a line each: of a trainability map a pair of rates, log10, of a
  // sweep's a column and a row. Nothing outside of it, and without one.
  [[nodiscard]] virtual std::vector<std::string> tell(const LandscapePlace& /*place*/) const { return {}; }

  // Whether pictures show the map of a head: while they do not, what the head says there is not computed. At
  // first they do.
  virtual void look_at_map(bool /*looks*/) {}

  // Before the first step. `rest` is called in the middle of longer work, by each thread that does a part of
  // it, and may keep it waiting.
  virtual void let_rest(const std::function<void()>& /*rest*/) {}

  // As far as it means something here: Play, Pause, Step and SetPace are the session's.
  virtual void apply(const Command& command) = 0;
  // Publishes a frame if a slot is free. `state` and `steps_per_second` are the session's to say.
  virtual bool publish(FrameSink& sink, RunState state, double steps_per_second) = 0;
};

}  // namespace fl
