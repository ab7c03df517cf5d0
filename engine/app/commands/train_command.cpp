#include "engine/app/commands/train_command.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

#include "engine/app/commands/output_folder.h"
#include "engine/app/commands/train_race.h"
#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_training.h"
#include "engine/app/scene_file.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/files/checkpoint.h"
#include "trainer/files/run_folder.h"
#include "trainer/subjects/curvature/live_curvature.h"
#include "trainer/subjects/fate/fate.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kListedClasses = 40, kWorstClasses = 20;

// A share of images, or that there were none to take it of.
std::string share(double value) {
  return std::isnan(value) ? "none" : fmt::format("{:.3f}", value);
}

std::string figures(const EpochRecord& e) {
  return fmt::format("loss {}  accuracy {}  test loss {}  test accuracy {}", number_text(e.loss),
                     share(e.accuracy), number_text(e.test_loss), share(e.test_accuracy));
}

// `elapsed`: seconds for the epochs after the first `known`.
void show_epoch(const Training& training, std::size_t known, double elapsed) {
  const EpochRecord& e = training.history().epochs.back();
  const int total = training.spec().epochs;
  const auto trained = static_cast<double>(training.history().epochs.size() - known);
  const double left = elapsed / trained * (total - e.epoch - 1);
  const auto images = static_cast<double>(training.images_per_epoch());
  log_info("epoch {:>3}/{}  {}  {:.0f} images/s  {:.0f} s left", e.epoch + 1, total, figures(e),
           e.seconds > 0 ? images / e.seconds : 0, left);
}

void print_report(const Report& report) {
  fmt::print("{}: {} after {} on {} training and {} test images, {} parameters, {}\n", report.scene,
             report_state(report.state), counted(report.epochs.size(), "epoch"), report.train_images,
             report.test_images, report.parameters, report.device);
  if (!report.epochs.empty())
    fmt::print("{}  {:.0f} images/s\n", figures(report.epochs.back()), report.images_per_second);
  if (!report.has_predictions()) {
    fmt::print("The network's outputs are not numbers, so none of the {} test images has a prediction.\n",
               report.test_images);
    return;
  }
  fmt::print("Correct test images of each class; balanced accuracy {}:\n", share(report.balanced_accuracy()));
  // Of a long list the part that is worth a look.
  std::vector<std::size_t> order(report.accuracy_per_class.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool all = order.size() <= kListedClasses;
  if (!all) {
    std::ranges::stable_sort(order, {}, [&](std::size_t c) { return report.recall(c); });
    order.resize(kWorstClasses);
    fmt::print("The {} with the lowest recall of {} classes; report.json holds all:\n", kWorstClasses,
               report.accuracy_per_class.size());
  }
  for (const std::size_t i : order) {
    const ClassAccuracy& c = report.accuracy_per_class[i];
    fmt::print("  {}: {} of {}, recall {}, precision {}\n", c.name, c.correct, c.samples,
               share(report.recall(i)), share(report.precision(i)));
  }
}

Result<Safetensors> open_run(const fs::path& run) {
  constexpr const char* kWhich = "name a run folder saved by \"fallline train\"";
  std::error_code code;
  if (!fs::is_directory(run, code)) return error("{} is not a folder; {}.", run.string(), kWhich);
  for (const char* file : {kSceneFile, kCheckpointFile})
    if (!fs::exists(run / file, code))
      return error("{} has no {}, so it cannot be resumed; {}.", run.string(), file, kWhich);
  return read_checkpoint(run / kCheckpointFile);
}

Result<void> restore_run(const Safetensors& checkpoint, const fs::path& run, Training& training) {
  if (auto restored = restore_checkpoint(checkpoint, run / kCheckpointFile, training); !restored)
    return restored;
  if (training.state() == RunState::kDiverged)
    return error(
        "The run in {} diverged at step {} and cannot go on from there; start a new training with a rate "
        "below {}.",
        run.string(), training.steps(), rate_text(training.rate()));
  if (training.state() == RunState::kFinished)
    log_info("{} has finished its {}; for more, add --set train.epochs={}.", run.string(),
             counted(training.spec().epochs, "epoch"), 2 * training.spec().epochs);
  else
    log_info("resuming after step {} of {}", training.steps(), training.total_steps());
  return {};
}

// Until the epochs are over, training diverges, or the user has asked for the end.
void train_on(Training& training, const fs::path& out) {
  CheckpointTimer checkpoints(out / kCheckpointFile);
  const auto started = std::chrono::steady_clock::now();
  const std::size_t known = training.history().epochs.size();
  std::size_t shown = known;
  LiveCurvature curvature(training);
  Fate fate(training);
  while (!training.over() && !interrupted()) {
    const std::int64_t made =
        training.advance(fate.steps_to_fork(curvature.steps_to_moment(training.burst())));
    if (made == 0) break;
    curvature.after_steps();
    curvature.complete();
    fate.follow(made);
    if (auto written = checkpoints.after_step(training); !written)
      log_warning("no checkpoint was saved: {}", written.error().message);
    if (training.history().epochs.size() == shown) continue;
    shown = training.history().epochs.size();
    show_epoch(training, known,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }
  fate.complete();
  for (const std::string& found : fate.words()) log_info("{}", found);
}

// The device took the weights with it; the history is the host's, the rest as old as the last checkpoint.
Error device_failed(const DeviceError& failure, const Training& training, const fs::path& out) {
  const Result<void> saved = write_file_atomic(out / kHistoryFile, training.history().csv());
  std::error_code code;
  const std::string what_now =
      fs::exists(out / kCheckpointFile, code)
          ? fmt::format("\"fallline train --resume {}\" goes on from its last checkpoint", out.string())
          : "no checkpoint had been saved yet";
  return error("The {} failed after step {}: {}; {}{}.", training.device(), training.steps(), failure.what(),
               what_now, saved ? "" : ", and the history could not be saved");
}

// What was done in a window leads no further than to where this training goes on.
void drop_session(const fs::path& out) {
  std::error_code code;
  if (fs::remove(out / kSessionFile, code))
    log_info("{} is removed: it would not lead to the weights of a run that goes on.",
             (out / kSessionFile).string());
}

// Trains, and leaves the run folder. `session`: of the folder's run.
Result<Report> train_and_save(Training& t, const fs::path& out, const std::string& scene_text,
                              const std::string& session) {
  try {
    train_on(t, out);
    if (t.state() == RunState::kDiverged)
      log_warning("training diverged at step {}: the loss is no longer a number; try a rate below {}.",
                  t.steps(), rate_text(t.rate()));
    if (!t.over() && interrupted())
      log_info("interrupted after step {}; the run so far is kept, and --resume {} goes on with it.",
               t.steps(), out.string());
    Report report = t.report();
    FL_TRY(write_run_folder(out, t, report, scene_text, session));
    return report;
  } catch (const DeviceError& failure) {
    return device_failed(failure, t, out);
  }
}

}  // namespace

Result<void> run_train(const TrainOptions& options) {
  const bool resuming = !options.resume.empty();
  std::optional<Safetensors> checkpoint;
  std::error_code code;
  const bool raced = resuming && fs::exists(options.resume / kRaceFile, code);
  if (resuming && !raced) {
    FL_TRY_LET(opened, open_run(options.resume));
    checkpoint = std::move(*opened);
  }
  auto scene =
      open_scene(resuming ? (options.resume / kSceneFile).string() : options.scene, options.overrides);
  if (!scene) return scene.error();
  if (scene->race) return run_train_race(options, *scene);
  // Before the work, not after it.
  Inputs inputs(options.scene, *scene);
  if (resuming) inputs.add_run(options.resume);
  FL_TRY_LET(folder, make_run_folder({.out = options.out,
                                      .usual = resuming ? options.resume : fs::path("out") / scene->name,
                                      .resumed = options.resume,
                                      .replace = options.replace},
                                     inputs));
  const fs::path& out = folder->path();
  inputs.add_run(out);
  if (!options.json.empty())
    if (auto free = check_report_place(options.json, inputs, {"scene", "state", "epochs"}, "fallline train");
        !free)
      return free;

  catch_interrupt();
  ToldLoading loading;
  auto training = open_training(*scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!training) return ToldLoading::ended(training.error());
  Training& t = **training;
  if (checkpoint)
    if (auto restored = restore_run(*checkpoint, options.resume, t); !restored) return restored;
  log_info("{}: {} training and {} test images, {}, batch {}, {}, rate {}, on the {}", scene->run.title,
           t.split().train.size(), t.split().test.size(), counted(t.spec().epochs, "epoch"),
           t.spec().batch_size, optimizer_name(t.spec().optimizer.kind), rate_text(t.rate()), t.device());
  log_info("{}", t.data().colour);
  if (const std::string words = network_words(scene->table, scene->run); !words.empty())
    log_info("{}{}", words,
             scene->why_scratch.empty() ? "" : fmt::format(", because {} is set", scene->why_scratch));
  if (strange_images(t)) log_warning("{}", kStrangeImages);

  // Both go together: whatever ends this training, what is in the folder then can be resumed, and is of one
  // run.
  const std::string text = scene->text(t.spec());
  const bool in_place = same_folder(out, options.resume);
  if (!in_place) remove_run(out);
  const std::string session = in_place ? session_to_keep(out, t, text) : std::string();
  if (in_place && session.empty()) drop_session(out);
  if (auto begun = begin_run_folder(out, t, text); !begun) return begun;
  FL_TRY_LET(trained, train_and_save(t, out, text, session));
  const Report& report = *trained;
  if (!options.json.empty())
    if (auto saved = write_file_atomic(options.json, report.json()); !saved) return saved;
  if (is_standard_output(options.json)) return {};
  print_report(report);
  fmt::print("Saved in {}\n", printable(out.string()));
  return {};
}

}  // namespace fl
