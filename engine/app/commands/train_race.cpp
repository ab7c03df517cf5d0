#include "engine/app/commands/train_race.h"

#include <algorithm>
#include <cmath>

#include "engine/app/commands/output_folder.h"
#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_race.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/files/race_folder.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

std::string share(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "none";
}

// The runs in turns, an epoch each, until all are over or the user has asked for the end.
void train_in_turns(std::vector<RaceRun>& runs) {
  const auto over = [](const RaceRun& run) { return run.training->over(); };
  for (std::size_t epoch = 1; !std::ranges::all_of(runs, over) && !interrupted(); ++epoch)
    for (RaceRun& run : runs) {
      Training& training = *run.training;
      while (!training.over() && training.history().epochs.size() < epoch && !interrupted())
        training.advance(training.burst());
      if (training.state() == RunState::kDiverged && training.history().epochs.size() + 1 == epoch)
        log_info("{}: diverged at step {}", run.name, training.steps());
      if (training.history().epochs.size() != epoch) continue;
      const EpochRecord& e = training.history().epochs.back();
      log_info("{}: epoch {}/{}  loss {}  test accuracy {}", run.name, epoch, training.spec().epochs,
               number_text(e.loss), share(e.test_accuracy));
    }
}

void print_results(const RaceSpec& race, const std::vector<RaceResult>& results) {
  std::size_t width = race.key.size();
  for (std::size_t i = 0; i < results.size(); ++i) width = std::max(width, run_name(race, i).size());
  fmt::print("run  {:<{}}  final loss  test accuracy  state\n", race.key, width);
  for (std::size_t i = 0; i < results.size(); ++i)
    fmt::print("{:>3}  {:<{}}  {:>10}  {:>13}  {}\n", i + 1, run_name(race, i), width,
               std::isfinite(results[i].loss) ? number_text(results[i].loss) : "none",
               share(results[i].test_accuracy), results[i].state);
}

}  // namespace

Result<void> run_train_race(const TrainOptions& options, const SceneFile& scene) {
  const RaceSpec& race = *scene.race;
  if (!options.resume.empty())
    return error(
        "{} holds a race, whose runs cannot go on together; \"fallline train --resume {}\" goes on with one "
        "of them.",
        options.resume.string(), (options.resume / race_run_folder(0)).string());
  Inputs inputs(options.scene, scene);
  FL_TRY_LET(folder, make_run_folder({.out = options.out,
                                      .usual = fs::path("out") / scene.name,
                                      .resumed = {},
                                      .replace = options.replace},
                                     inputs));
  const fs::path& out = folder->path();
  inputs.add_run(out);
  if (!options.json.empty())
    FL_TRY(check_report_place(options.json, inputs, {"scene", "race", "runs"}, "fallline train"));
  catch_interrupt();
  ToldLoading loading;
  auto runs = open_race_runs(scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!runs) return ToldLoading::ended(runs.error());
  Training& first = *runs->front().training;
  log_info("{}: {} that differ in {}, over {} training and {} test images, on the {}", scene.run.title,
           counted(runs->size(), "run"), race.key, first.split().train.size(), first.split().test.size(),
           first.device());
  train_in_turns(*runs);
  const auto over = [](const RaceRun& run) { return run.training->over(); };
  if (!std::ranges::all_of(*runs, over) && interrupted())
    log_info("interrupted; what the runs have come to is kept.");
  std::vector<Training*> raced;
  for (const RaceRun& run : *runs) raced.push_back(run.training.get());
  FL_TRY_LET(results, write_race_folder(out, scene.run.title, race, raced, scene.text(first.spec())));
  if (!options.json.empty())
    FL_TRY(write_file_atomic(options.json, race_json(scene.run.title, race, *results)));
  if (is_standard_output(options.json)) return {};
  print_results(race, *results);
  fmt::print("Saved in {}\n", printable(out.string()));
  return {};
}

}  // namespace fl
