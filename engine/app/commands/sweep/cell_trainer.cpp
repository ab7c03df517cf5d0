#include "engine/app/commands/sweep/cell_trainer.h"

#include <utility>

#include "engine/app/loading/own_folders.h"
#include "engine/app/open_training.h"
#include "trainer/session/session_file.h"
#include "trainer/subjects/record/report.h"

namespace fl {

CellTrainer::CellTrainer(SceneFile scene, SweepPlan plan, BackendChoice backend, int threads)
    : scene_(std::move(scene)), plan_(std::move(plan)), backend_(backend) {
  if (backend.kind != BackendKind::kCpu || !cuda_options(backend).empty() || scene_.run.threads != 1) return;
  if (auto made = make_cpu_group({.threads = threads})) group_ = *std::move(made);
}

Result<std::unique_ptr<Training>> CellTrainer::open(std::size_t cell, const LoadWatch& watch) {
  FL_TRY_LET(scene, scene_of_cell(scene_, plan_, cell));
  return open_training(*scene, backend_, watch, {.cache = cache_folder()}, &sets_,
                       scene->run.threads == 1 ? group_ : nullptr);
}

CellResult CellTrainer::result_of(std::size_t cell, Training& training) {
  CellResult result{.cell = cell, .state = report_state(training.state()), .weights = {}, .note = {}};
  result.steps = training.steps();
  const auto& epochs = training.history().epochs;
  result.epochs = static_cast<int>(epochs.size());
  result.test_images = training.split().test.size();
  result.weights = weights_checksum(training);
  if (epochs.empty()) return result;
  const EpochRecord& last = epochs.back();
  result.loss = last.loss;
  result.accuracy = last.accuracy;
  result.test_loss = last.test_loss;
  result.test_accuracy = last.test_accuracy;
  return result;
}

CellResult CellTrainer::failed(std::size_t cell, std::string why) {
  return {.cell = cell, .state = kCellFailed, .weights = {}, .note = std::move(why)};
}

}  // namespace fl
