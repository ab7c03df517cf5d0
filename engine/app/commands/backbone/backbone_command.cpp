#include "engine/app/commands/backbone/backbone_command.h"

#include <chrono>
#include <cmath>
#include <system_error>
#include <thread>

#include "engine/app/interrupt.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBetweenSaves = std::chrono::seconds(60);
constexpr auto kBetweenLines = std::chrono::seconds(10);
constexpr int kJudgements = 10;  // on the way

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string figures_text(const PretrainingFigures& f) {
  return fmt::format("loss {}  blood {:.3f}  area under curve {:.3f}  kinds {:.3f}  level {:.3f}",
                     number_text(f.loss), f.blood, f.area, f.kinds, f.level);
}

Result<void> resume_from(const fs::path& part, Pretraining& training) {
  std::error_code code;
  if (!fs::exists(part, code)) return {};
  FL_TRY_LET(saved, read_safetensors(part));
  if (const auto resumed = training.resume(*saved); !resumed)
    return error("{} cannot be gone on with: {}; remove it, or choose another name with -o.",
                 printable(part.string()), resumed.error().message);
  log_info("going on after {} of {} pictures", training.images(), training.all_images());
  return {};
}

// Until the pictures are used up, or the user has asked for the end.
Result<void> train_on(Pretraining& training, const fs::path& part) {
  const auto began = Clock::now();
  const std::int64_t known = training.images();
  auto saved = began, told = began;
  std::int64_t judged = known * kJudgements / training.all_images();
  while (!training.finished() && !interrupted()) {
    const double loss = training.advance();
    if (!std::isfinite(loss))
      return error("The training diverged after {} pictures; use a rate below that with --rate.",
                   training.images());
    const auto now = Clock::now();
    if (now - told >= kBetweenLines || training.finished()) {
      told = now;
      const double speed = static_cast<double>(training.images() - known) / seconds_since(began);
      log_info("{} of {} pictures  loss {}  {:.0f} pictures/s  {:.0f} min left", training.images(),
               training.all_images(), number_text(loss), speed,
               std::ceil(static_cast<double>(training.all_images() - training.images()) / speed / 60));
    }
    if (const std::int64_t due = training.images() * kJudgements / training.all_images();
        due > judged && !training.finished()) {
      judged = due;
      log_info("held out: {}", figures_text(training.judge()));
    }
    if (now - saved < kBetweenSaves) continue;
    saved = now;
    if (const auto written = write_safetensors(part, training.unfinished()); !written)
      log_warning("the training could not be saved on its way: {}", written.error().message);
  }
  return {};
}

}  // namespace

Result<void> run_backbone(const BackboneOptions& options) {
  std::error_code code;
  if (!options.replace && fs::exists(options.out, code))
    return error("{} already exists; choose a new name with -o, or replace it with --replace.",
                 printable(options.out.string()));
  fs::path part = options.out;
  part += ".part";
  for (const fs::path& file : {options.out, part}) FL_TRY(check_writable(file));
  FL_TRY_LET(backend, make_backend(options.backend, options.threads));
  const int threads = options.threads > 0
                          ? options.threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  FL_TRY_LET(training, Pretraining::make(options.recipe, **backend, threads));
  FL_TRY(resume_from(part, *training));
  log_info("backbone: {}, on the {}", options.recipe.text(), (*backend)->device());
  catch_interrupt();
  FL_TRY(train_on(*training, part));
  if (!training->finished()) {
    FL_TRY(write_safetensors(part, training->unfinished()));
    log_info("interrupted after {} of {} pictures; the same command goes on from {}.", training->images(),
             training->all_images(), part.string());
    return {};
  }
  const PretrainingFigures figures = training->judge();
  FL_TRY(write_safetensors(options.out, training->result(figures)));
  fs::remove(part, code);
  fmt::print("Held-out phantoms: {}\nSaved in {}\n", figures_text(figures), printable(options.out.string()));
  return {};
}

}  // namespace fl
