#include "engine/app/train_command.h"

#include <chrono>
#include <cmath>

#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/scene_file.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/training.h"

namespace fl {
namespace {

void show_epoch(const Training& training, double elapsed) {
  const EpochRecord& e = training.history().epochs.back();
  const int total = training.spec().epochs;
  const double left = elapsed / (e.epoch + 1) * (total - e.epoch - 1);
  const double images = static_cast<double>(training.split().train.size());
  log_info(
      "epoch {:>3}/{}  loss {:.4f}  accuracy {:.3f}  test loss {:.4f}  test accuracy {:.3f}  {:.0f} images/s "
      " {:.0f} s left",
      e.epoch + 1, total, e.loss, e.accuracy, e.test_loss, e.test_accuracy,
      e.seconds > 0 ? images / e.seconds : 0, left);
}

// A share of images, or that there were none to take it of.
std::string share(double value) {
  return std::isnan(value) ? "none" : fmt::format("{:.3f}", value);
}

void print_report(const Report& report) {
  fmt::print("{}: {} after {} epochs on {} training and {} test images, {} parameters, {}\n", report.scene,
             report_state(report.state), report.epochs.size(), report.train_images, report.test_images,
             report.parameters, report.device);
  if (!report.epochs.empty()) {
    const EpochRecord& e = report.epochs.back();
    fmt::print("loss {:.4f}  accuracy {:.3f}  test loss {:.4f}  test accuracy {:.3f}  {:.0f} images/s\n",
               e.loss, e.accuracy, e.test_loss, e.test_accuracy, report.images_per_second);
  }
  fmt::print("Test images found, class by class; balanced accuracy {}:\n", share(report.balanced_accuracy()));
  for (std::size_t i = 0; i < report.accuracy_per_class.size(); ++i) {
    const ClassAccuracy& c = report.accuracy_per_class[i];
    fmt::print("  {}: {} of {}, recall {}, precision {}\n", c.name, c.correct, c.samples,
               share(report.recall(i)), share(report.precision(i)));
  }
}

}  // namespace

Result<void> run_train(const TrainOptions& options) {
  auto scene = open_scene(options.scene, options.overrides);
  if (!scene) return scene.error();
  const std::filesystem::path out =
      options.out.empty() ? std::filesystem::path("out") / scene->name : options.out;
  // Before the work, not after it.
  if (auto made = make_folder(out); !made) return made;
  if (auto writable = check_writable(out / "report.json"); !writable) return writable;
  if (!options.json.empty())
    if (auto writable = check_writable(options.json); !writable) return writable;

  auto training = open_training(*scene, options.backend);
  if (!training) return training.error();
  Training& t = **training;
  log_info("{}: {} training and {} test images, {} epochs, batch {}, {}, rate {}, on the {}",
           scene->run.title, t.split().train.size(), t.split().test.size(), t.spec().epochs,
           t.spec().batch_size, optimizer_name(t.spec().optimizer.kind), t.rate(), t.device());

  catch_interrupt();
  const auto started = std::chrono::steady_clock::now();
  std::size_t shown = 0;
  while (!interrupted() && t.step()) {
    if (t.history().epochs.size() == shown) continue;
    shown = t.history().epochs.size();
    show_epoch(t, std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }
  if (t.state() == RunState::kDiverged)
    log_warning("training diverged at step {}: the loss is no longer finite; try a smaller rate than {}.",
                t.steps(), t.rate());
  if (interrupted()) log_info("interrupted after step {}; what there is is kept.", t.steps());

  const Report report = t.report();
  if (auto saved = write_run_folder(out, t, report, scene->text()); !saved) return saved;
  if (!options.json.empty())
    if (auto saved = write_file_atomic(options.json, report.json()); !saved) return saved;
  print_report(report);
  fmt::print("Saved in {}\n", out.string());
  return {};
}

}  // namespace fl
