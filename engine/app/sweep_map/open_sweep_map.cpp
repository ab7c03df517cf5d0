#include "engine/app/sweep_map/open_sweep_map.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "engine/app/sweep_map/kept_cells.h"
#include "engine/app/sweep_map/live_cells.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

std::size_t count_known(const SweepResults& results) {
  return static_cast<std::size_t>(
      std::ranges::count_if(results, [](const auto& one) { return one.has_value(); }));
}

void say_known(const SweepResults& results) {
  if (const std::size_t known = count_known(results); known > 0)
    log_info("{} of {} are there already.", known, counted(results.size(), "cell"));
}

}  // namespace

Result<std::unique_ptr<SweepMap>> open_sweep_map(const SceneFile& scene, const BackendChoice& choice,
                                                 const LoadWatch& watch, const CellPlace& place,
                                                 std::string& device) {
  const SweepPlan& plan = *scene.sweep;
  if (!scene.sweep_folder.empty()) {
    FL_TRY_LET(folder, SweepFolder::join(scene.sweep_folder));
    FL_TRY_LET(known, folder->results());
    const std::size_t there = count_known(*known);
    device = "a folder";
    return std::make_unique<SweepMap>(plan, *std::move(known),
                                      std::make_unique<FolderCells>(*std::move(folder), there));
  }
  BackendChoice backend = choice;
  if (backend.kind == BackendKind::kAuto) backend.kind = BackendKind::kCpu;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  auto cells = std::make_unique<CellTrainer>(scene, plan, backend, static_cast<int>(cores));
  const std::size_t lanes = cells->group() != nullptr ? cores : 1;
  // The images are read while somebody is told how far that is.
  FL_TRY_LET(first, cells->open(plan.order().front(), watch));
  device = (*first)->device();
  SweepResults known(plan.cells());
  if (!place.folder) {
    std::shared_ptr<KeptCells> kept;
    if (place.window) {
      kept = place.window->cells_of(plan, (*first)->data().contents);
      known = kept->known();
      say_known(known);
    }
    return std::make_unique<SweepMap>(plan, known,
                                      std::make_unique<LiveCells>(std::move(cells), known, lanes, kept));
  }
  FL_TRY_LET(folder, SweepFolder::join(*place.folder));
  FL_TRY_LET(results, folder->results());
  known = *std::move(results);
  say_known(known);
  FL_TRY_LET(live, LiveCells::share(std::move(cells), known, lanes, *std::move(folder), place.folder));
  return std::make_unique<SweepMap>(plan, std::move(known), *std::move(live));
}

}  // namespace fl
