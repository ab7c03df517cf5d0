#include "engine/app/commands/landscape/landscape_source.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/files/run_folder.h"
#include "trainer/seam/frame.h"
#include "trainer/session/replay.h"
#include "trainer/subjects/race/race.h"
#include "trainer/subjects/roughness/run_roughness.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPointsAtOnce = 16;

// What may be said anew of a run that has been trained: how it is looked at, and where its images lie now.
constexpr std::array<std::string_view, 5> kLooks = {"landscape.", "view.", "camera.",
                                                    "data.source=", "train.threads="};

Result<void> check_looks(const fs::path& run, const std::vector<std::string>& overrides) {
  for (const std::string& given : overrides)
    if (std::ranges::none_of(kLooks, [&](std::string_view look) { return given.starts_with(look); }))
      return error(
          "--set {} would make another run of {}, which has been trained; of a run only keys of [landscape], "
          "[view] and [camera], data.source and train.threads can be set.",
          printable(given), printable(run.string()));
  return {};
}

// Errors: no run, or one that cannot be gone again.
Result<void> open_run(LandscapeSource& source) {
  std::error_code code;
  for (const char* file : {kSceneFile, kCheckpointFile})
    if (!fs::exists(source.run / file, code))
      return error("{} has no {}, so its end cannot be shown; name a run folder saved by \"fallline train\".",
                   printable(source.run.string()), file);
  FL_TRY_LET(checkpoint, read_checkpoint(source.run / kCheckpointFile));
  source.checkpoint = *std::move(checkpoint);
  if (!fs::exists(source.run / kSessionFile, code)) return {};
  FL_TRY_LET(read, read_session(source.run / kSessionFile));
  source.session = std::move(read->session);
  return {};
}

bool is_run(const std::string& lesson) {
  std::error_code code;
  return fs::is_directory(lesson, code) && holds_run(lesson);
}

// What the command line says of the surface, as settings of this scene.
Result<std::vector<std::string>> asked_settings(const LandscapeOptions& options, const SceneFile& scene) {
  if (options.grid > 0 && scene.trainability)
    return error(
        "--grid is of a loss surface; set the pixels of a map of learning rates with --set "
        "trainability.side={}.",
        options.grid);
  if (!options.plane.empty() && (scene.trainability || scene.descents || scene.race))
    return error(
        "--plane is of the landscape of one training; {} has no plane to choose, so leave the option out.",
        scene.race ? "a race" : "this lesson");
  std::vector<std::string> settings;
  if (options.grid > 0)
    settings.push_back(
        fmt::format("{}.grid={}", scene.descents ? "two_parameters" : "landscape", options.grid));
  if (!options.plane.empty()) settings.push_back(fmt::format("landscape.directions=\"{}\"", options.plane));
  return settings;
}

// The run of the checkpoint from its start on, without its surfaces. False where it leads to other weights.
Result<bool> go_again(Session& session, const LandscapeSource& source) {
  const fs::path path = source.run / kCheckpointFile;
  Subject& subject = session.subject();
  Training& training = *subject.training();
  FL_TRY(restore_checkpoint(*source.checkpoint, path, training));
  const std::int64_t steps = training.steps();
  const std::string weights = weights_checksum(training);
  const RunSpec& run = source.scene.run;
  session.apply(command::SetOptimizer{run.optimizer.kind});
  session.apply(command::SetRate{run.rate});
  session.apply(command::Reset{run.seed});
  Progress progress;
  if (source.session && source.session->weights == weights) {
    Replay replay(
        session, *source.session, [](const Json&) { return Result<void>(); },
        (source.run / kSessionFile).string(), Replay::Surfaces::kLeaveOut);
    while (!interrupted()) {
      FL_TRY_LET(more, replay.next());
      if (!*more) break;
      progress.show("step {} of {}, again", subject.steps(), steps);
    }
  } else {
    while (!interrupted() && subject.steps() < steps &&
           session.advance(std::min(subject.burst(), steps - subject.steps())) > 0)
      progress.show("step {} of {}, again", subject.steps(), steps);
  }
  if (interrupted()) return error("Interrupted before the end of the run was reached; nothing is saved.");
  if (subject.steps() == steps && weights_checksum(training) == weights) return true;
  FL_TRY(restore_checkpoint(*source.checkpoint, path, training));
  return false;
}

// Rounded up: what is said must hold.
std::string percent(double share) {
  return share < 0.1 ? fmt::format("{:.1f} %", std::max(0.1, std::ceil(1000 * share) / 10))
                     : fmt::format("{:.0f} %", std::ceil(100 * share));
}

bool any_corrected(const Surface& surface) {
  return std::ranges::find(surface.cells(), static_cast<std::uint32_t>(CellState::kCorrected)) !=
         surface.cells().end();
}

std::string over(const SurfaceView& view) {
  if (view.images == 0) return {};
  return fmt::format(" over {}{}{}", any_corrected(*view.surface) ? "up to " : "",
                     counted(view.images, fmt::format("{} image", view.set)),
                     view.network.empty() ? "" : fmt::format(" ({})", view.network));
}

std::string rest(const SurfaceView& view, const char* of_range) {
  const Surface& surface = *view.surface;
  if (surface.evaluated() >= surface.cells().size()) return {};
  if (surface.error() >= 1) return "; how far off the others are is not known";
  return fmt::format("; the others are predicted within {}{}", percent(surface.error()), of_range);
}

}  // namespace

bool is_picture(const LandscapeOptions& options) {
  return lower_extension(options.out) == ".png";
}

Result<LandscapeSource> open_landscape_source(const LandscapeOptions& options,
                                              const std::vector<std::string>& first) {
  LandscapeSource source;
  std::string argument = options.lesson;
  if (is_run(options.lesson)) {
    source.run = options.lesson;
    FL_TRY(check_looks(source.run, options.overrides));
    FL_TRY(open_run(source));
    argument = (source.run / kSceneFile).string();
  }
  std::vector<std::string> overrides = first;
  overrides.insert(overrides.end(), options.overrides.begin(), options.overrides.end());
  FL_TRY_LET(scene, open_scene(argument, overrides));
  FL_TRY_LET(asked, asked_settings(options, *scene));
  if (!asked->empty()) {
    overrides.insert(overrides.end(), asked->begin(), asked->end());
    scene = open_scene(argument, overrides);
    if (!scene) return scene.error();
  }
  source.scene = *std::move(scene);
  return source;
}

Result<OutputFolder> make_landscape_place(const LandscapeOptions& options, const LandscapeSource& source) {
  Inputs inputs(options.lesson, source.scene);
  if (!source.run.empty()) inputs.add_run(source.run);
  FL_TRY(inputs.check(options.out, "-o"));
  FL_TRY_LET(folder, OutputFolder::make(options.out.parent_path()));
  FL_TRY(check_new_file(options.out, options.replace));
  return folder;
}

Result<void> go_to_landscape(Session& session, const LandscapeSource& source) {
  Progress progress;
  Subject& subject = session.subject();
  if (source.run.empty()) {
    while (!interrupted() && session.advance(subject.burst()) > 0)
      progress.show("step {} of {}", subject.steps(), subject.total_steps());
  } else {
    FL_TRY_LET(there, go_again(session, source));
    if (!*there) {
      log_warning(
          "{}: going the run's way again leads to other weights, as after a change of settings or on another "
          "machine; its end is shown without its path.",
          printable(source.run.string()));
      subject.begin_here();
    }
  }
  // A surface that is there is enough for whoever is in a hurry.
  const auto known = [&subject] {
    const LandscapeView view = subject.view_landscape();
    return std::ranges::all_of(view.surfaces, [](const SurfaceView& each) { return each.surface->ready(); });
  };
  if (!interrupted()) subject.end_here();
  while (!(interrupted() && known()) && session.work(kPointsAtOnce))
    progress.show("{} left", counted(subject.points_left(), "landscape point"));
  session.catch_up();
  if (interrupted())
    log_info("interrupted after step {}; what is known of the surface is saved.", subject.steps());
  return {};
}

std::string roughness_lines(Subject& subject) {
  std::string lines;
  if (const Race* race = subject.race()) {
    for (std::size_t i = 0; i < race->size(); ++i)
      if (const RunRoughness* found = race->lane(i).roughness())
        lines += fmt::format("{}: {}\n", race->lane(i).name(), roughness_sentence(*found));
  } else if (Training* training = subject.training()) {
    Progress progress;
    progress.show("how rough it is around the end");
    if (const auto found = measure_roughness(*training, {}, [] { return !interrupted(); }))
      lines = roughness_sentence(*found) + "\n";
  }
  return lines;
}

std::string landscape_sentence(const LandscapeView& view) {
  std::string sentence;
  for (const SurfaceView& each : view.surfaces) {
    const Surface& surface = *each.surface;
    const bool first = sentence.empty();
    const char* range = surface.scale() == LossScale::kLog ? " of the range of heights, which are logarithmic"
                                                           : " of the range of heights";
    sentence +=
        fmt::format("{}{} of {}{}{}{}", first ? "" : "; ", surface.evaluated(), surface.cells().size(),
                    first ? " points were evaluated" : "", over(each), rest(each, range));
  }
  return sentence + ".";
}

}  // namespace fl
