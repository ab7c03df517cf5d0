#pragma once
// The trainings that the cells of a sweep are, with what they share: images, and where each has one thread on
// the CPU, the plans of one network.

#include <memory>

#include "engine/app/loading/loaded_sets.h"
#include "engine/app/scene_file.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/compute/group_backend.h"
#include "trainer/subjects/training.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {

class CellTrainer {
 public:
  // `scene`: of all cells. `threads`: that train at once.
  CellTrainer(SceneFile scene, SweepPlan plan, BackendChoice backend, int threads);

  // From any thread. Errors: why it cannot be trained; load_cancelled().
  Result<std::unique_ptr<Training>> open(std::size_t cell, const LoadWatch& watch = {});
  // Of one that has ended, or goes no further.
  [[nodiscard]] static CellResult result_of(std::size_t cell, Training& training);
  // Of one that cannot be trained.
  [[nodiscard]] static CellResult failed(std::size_t cell, std::string why);

  [[nodiscard]] const SweepPlan& plan() const { return plan_; }
  // What cells of one thread each are trained on; null: each has a backend, and all threads, of its own.
  [[nodiscard]] GroupBackend* group() const { return group_.get(); }

 private:
  const SceneFile scene_;
  const SweepPlan plan_;
  const BackendChoice backend_;
  // Their bytes are those of a training alone on one thread.
  std::shared_ptr<GroupBackend> group_;
  LoadedSets sets_;
};

}  // namespace fl
