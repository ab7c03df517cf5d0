#pragma once
// The cells of a sweep on the threads of this process.

#include <functional>
#include <string>
#include <vector>

#include "engine/app/loading/loaded_sets.h"
#include "engine/app/scene_file.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/compute/group_backend.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {

// The scene with a cell's values. Errors: values that a key does not take.
Result<SceneFile> open_cell(const std::string& scene, const std::vector<std::string>& overrides,
                            const SweepPlan& plan, std::size_t cell);

class SweepWork {
 public:
  // `overrides`: of the scene, for all cells.
  SweepWork(std::string scene, std::vector<std::string> overrides, BackendChoice backend,
            const SweepFolder& folder);

  // Until no cell is left, or somebody has interrupted; `look` is called once a second meanwhile. Errors: the
  // disk's; all cells that were finished before are kept.
  Result<void> run(int threads, const std::function<void()>& look);

  // One cell, to its end or an interruption. A cell that cannot be trained has a result that says why.
  CellResult train(std::size_t cell);

 private:
  Result<void> work(std::size_t number);

  std::string scene_;
  std::vector<std::string> overrides_;
  // What a cell is trained on, where cells can share it.
  [[nodiscard]] std::shared_ptr<Backend> backend_of(const SceneFile& scene) const;

  BackendChoice backend_;
  // Of cells that have one thread each, on the CPU: those of one network share images and plans. Their bytes
  // are those of a training alone on one thread. Null: there are none.
  std::shared_ptr<GroupBackend> group_;
  const SweepFolder& folder_;
  LoadedSets sets_;
};

}  // namespace fl
