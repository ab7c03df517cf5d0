#pragma once
// The cells of a sweep on the threads of this process.

#include <functional>

#include "engine/app/commands/sweep/cell_trainer.h"

namespace fl {

class SweepWork {
 public:
  // `scene`: of all cells. `folder` must outlive it.
  SweepWork(SceneFile scene, BackendChoice backend, const SweepFolder& folder);

  // Until no cell is left, or somebody has interrupted; `look` is called once a second meanwhile. Errors: the
  // disk's; all cells that were finished before are kept.
  Result<void> run(int threads, const std::function<void()>& look);

 private:
  Result<void> work(std::size_t number);
  // One cell, to its end or an interruption. A cell that cannot be trained has a result that says why.
  CellResult train(std::size_t cell);

  const SweepFolder& folder_;
  CellTrainer cells_;
};

}  // namespace fl
