#pragma once
// What a session says of itself: a snapshot on the host, swapped whole, so that whoever looks sees one moment
// and holds no lock. Its large parts are shared, so that a new one copies little. The words and numbers that
// belong to a picture are FrameFacts.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/compute/kernels/optimizer_kind.h"
#include "trainer/landscape/plane_choice.h"
#include "trainer/seam/frame.h"
#include "trainer/session/preview/preview_results.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/curvature/measuring_facts.h"
#include "trainer/subjects/descents/descents_facts.h"
#include "trainer/subjects/landscape/landscape_answer.h"
#include "trainer/subjects/record/run_figures.h"
#include "trainer/subjects/trainability/rate_facts.h"

namespace fl {

// Something that happened in a session, in a few words or a sentence.
struct SessionMessage {
  std::int64_t step = 0;  // then
  std::string text;
};

struct Status {
  // So many are in `messages`.
  static constexpr std::size_t kMostMessages = 100;

  // As it was asked for last; a slow step obeys later.
  bool playing = false;
  double pace = 0;                           // steps a second, 0: as fast as it goes
  std::optional<OptimizerKind> optimizer{};  // none where several run at once: there is none to choose
  std::uint64_t seed = 1;
  command::ShowHeat heat{};  // whether it is shown where the network looks, and for which class
  std::optional<LandscapeChoice> landscape{};  // none where there is nothing to choose
  std::optional<MeasuringFacts> curvature{};   // none where no network is trained alone
  std::optional<DescentsFacts> descents{};     // none where a network is trained
  std::optional<RateMapFacts> rates{};         // none where there is no trainability map

  // As it was at the last picture, or when it ended.
  RunState state = RunState::kReady;  // kStopped: it failed
  std::int64_t step = 0, total_steps = 0;
  std::int64_t epoch = 0;       // epochs completed
  double rate = 0;              // learning rate
  double steps_per_second = 0;  // measured; 0 while nothing is stepped
  // Of the surface that is shown: losses evaluated, of how many; none before there is one.
  std::size_t grid_evaluated = 0, grid_cells = 0;
  double grid_error = 1;  // of those predicted, a share of the height range: Surface::error()
  bool ball_outside = false;  // of the surface that is shown
  // What is told of the place that was asked about last: nothing where nobody asks, or outside of the
  // surface.
  std::optional<LandscapeAnswer> at_place{};
  std::vector<std::string> told{};  // the same of the place of a map: Subject::tell
  RunFigures figures{};  // empty where nothing is trained
  std::string no_fork{};  // why the run cannot be forked, in a sentence; empty: it can

  // When takes of the session's film begin and end, in turn: seconds since it began.
  std::vector<double> marks{};
  bool log_full = false;  // no mark is kept any more

  std::string device{};   // what computes it
  std::string failure{};  // not empty when it ended because something failed: one sentence
  // Of the images that Session::preview() looks at; null where nothing is trained.
  std::shared_ptr<const PreviewResults> preview{};
  // The commands that were obeyed, of a slider's the last, and a failure: the newest last. Null: none.
  std::shared_ptr<const std::vector<SessionMessage>> messages{};

  // Nothing more is trained: the epochs are over, or the training diverged or failed.
  [[nodiscard]] bool over() const {
    return state == RunState::kFinished || state == RunState::kDiverged || state == RunState::kStopped;
  }
};

}  // namespace fl
