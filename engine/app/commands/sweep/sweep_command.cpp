#include "engine/app/commands/sweep/sweep_command.h"

#include <algorithm>
#include <cmath>

#include "engine/app/commands/load_engine.h"
#include "engine/app/commands/output_folder.h"
#include "engine/app/commands/progress.h"
#include "engine/app/commands/sweep/ranks.h"
#include "engine/app/commands/sweep/sweep_work.h"
#include "engine/app/interrupt.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/base/threads.h"
#include "trainer/subjects/record/report.h"
#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {
namespace {

using Results = SweepResults;

Result<SweepPlan> make_plan(const SweepOptions& options, const SceneFile& scene) {
  // Of a scene that is a map already, what its cells have in common.
  SweepPlan plan{.scene = scene.sweep ? scene.sweep->scene : scene.text(), .axes = {}};
  const std::vector<TableText> tables = scene_tables();
  for (const std::string& text : options.axes) {
    FL_TRY_LET(axis, parse_axis(text, tables));
    plan.axes.push_back(*std::move(axis));
  }
  FL_TRY(plan.check());
  return plan;
}

// Each value of each axis beside the first ones of the others: a misspelt one is said before the work.
Result<void> check_values(const SceneFile& scene, const SweepPlan& plan) {
  std::size_t step = plan.cells();
  for (const Axis& axis : plan.axes) {
    step /= axis.values.size();
    for (std::size_t i = 0; i < axis.values.size(); ++i)
      if (const auto cell = scene_of_cell(scene, plan, i * step); !cell)
        return error("--axis {}={}: {}", printable(axis.key), printable(axis.values[i]),
                     cell.error().message);
  }
  return {};
}

std::string axes_words(const SweepPlan& plan) {
  std::string words;
  for (const Axis& axis : plan.axes)
    words +=
        fmt::format("{}{} values of {}", words.empty() ? "" : " x ", axis.values.size(), printable(axis.key));
  return words;
}

void print_results(const SweepFolder& folder, const Results& results) {
  std::size_t there = 0, diverged = 0, failed = 0;
  const CellResult* failure = nullptr;
  for (const auto& result : results) {
    if (!result) continue;
    ++there;
    diverged += result->state == report_state(RunState::kDiverged) ? 1 : 0;
    if (result->state != kCellFailed) continue;
    ++failed;
    if (failure == nullptr) failure = &*result;
  }
  fmt::print("{} of {}", there, counted(results.size(), "cell"));
  if (diverged > 0) fmt::print(", {} diverged", diverged);
  if (failed > 0) fmt::print(", {} could not be trained", failed);
  fmt::print(".\n");
  if (failure != nullptr)
    fmt::print("{}: {}\n", folder.plan().words(failure->cell), printable(failure->note, 1000));
  if (const CellResult* best = best_cell(results)) {
    if (std::isfinite(best->test_accuracy))
      fmt::print("Best test accuracy {:.3f}, test loss {:.4g}: {}\n", best->test_accuracy, best->test_loss,
                 folder.plan().words(best->cell));
    else
      fmt::print("Lowest loss {:.4g}: {}\n", best->loss, folder.plan().words(best->cell));
  }
  fmt::print("Saved in {}\n", printable((folder.path() / kSweepTableFile).string()));
}

// A picture is no reason to fail: the table has all that it shows.
void draw_picture(const SweepFolder& folder) {
  const auto engine = load_engine();
  const std::filesystem::path out = folder.path() / kSweepPictureFile;
  const Result<void> drawn =
      engine ? (*engine)->sweep({.folder = folder.path(), .out = out}) : Result<void>(engine.error());
  if (!drawn)
    log_warning("there is no picture of the sweep: {}", drawn.error().message);
  else
    fmt::print("Drawn in {}\n", printable(out.string()));
}

}  // namespace

Result<void> run_sweep(const SweepOptions& options) {
  const Ranks rank = ranks();
  std::vector<std::string> overrides = options.overrides;
  // One thread each, unless the user says another number: as many cells as cores go on at once, and the bytes
  // do not depend on the machine.
  if (std::ranges::none_of(overrides,
                           [](const std::string& text) { return text.starts_with("train.threads="); }))
    overrides.push_back("train.threads=1");
  FL_TRY_LET(scene, open_scene(options.scene, overrides));
  if (!scene->trains())
    return error("{} is a {}, which trains no images; give a lesson of a network.", scene->run.title,
                 scene->descents ? "surface of two parameters" : "map of learning rates");
  if (scene->race)
    return error("{} is a race, whose runs vary already; give a lesson of one training.", scene->run.title);
  FL_TRY_LET(plan, make_plan(options, *scene));
  FL_TRY(check_values(*scene, *plan));
  if (options.replace && rank.local > 1)
    return error("--replace is for one process alone; remove {} first, then start {} processes without it.",
                 printable(options.out.string()), rank.local);
  if (names_a_file(options.out))
    return error(
        "{} looks like a file's name; -o names the folder of the sweep, in which its table and its picture will "
        "be: leave out the ending.",
        printable(options.out.string()));
  FL_TRY(Inputs(options.scene, *scene).check(options.out, "-o"));
  BackendChoice backend = options.backend;
  if (backend.kind == BackendKind::kAuto) backend.kind = BackendKind::kCpu;
  const int cores = backend.kind == BackendKind::kCpu ? own_cores(rank) : 1;
  const int threads = std::min<int>(options.threads > 0 ? options.threads : cores,
                                    static_cast<int>(std::min<std::size_t>(plan->cells(), 4096)));
  FL_TRY(check_threads(threads + 1, "give fewer with --threads"));
  FL_TRY_LET(made, OutputFolder::make(options.out));
  FL_TRY_LET(folder, SweepFolder::open(options.out, *plan, options.replace));

  catch_interrupt();
  if (rank.rank == 0)
    log_info("{}: {}, {}; {} at once", scene->run.title, counted(plan->cells(), "cell"), axes_words(*plan),
             threads);
  if (const std::size_t known = folder->finished(); known > 0 && rank.rank == 0)
    log_info("{} of them {} there already.", known, known == 1 ? "is" : "are");
  SweepWork work(*scene, backend, *folder);
  Progress progress;
  FL_TRY(work.run(threads, [&] {
    if (rank.rank == 0) progress.show("{} of {}", folder->finished(), counted(plan->cells(), "cell"));
  }));

  FL_TRY_LET(results, folder->results());
  const auto there =
      static_cast<std::size_t>(std::ranges::count_if(*results, [](const auto& r) { return r.has_value(); }));
  FL_TRY(folder->write_table(*results));
  if (there < plan->cells() && interrupted())
    log_info("interrupted; {} of {} are kept, and the same command goes on with the others.", there,
             counted(plan->cells(), "cell"));
  else if (there < plan->cells() && rank.rank == 0)
    log_info(
        "the other cells are being trained by other processes; the last of them writes the whole table.");
  if (there < plan->cells() && rank.rank != 0) return {};
  print_results(*folder, *results);
  if (there > 0) draw_picture(*folder);
  return {};
}

}  // namespace fl
