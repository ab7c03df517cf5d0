#include "engine/app/commands/landscape/landscape_command.h"

#include <algorithm>

#include "engine/app/commands/figure/contour_map.h"
#include "engine/app/commands/landscape/landscape_source.h"
#include "engine/app/commands/landscape/save_rate_map.h"
#include "engine/app/commands/load_engine.h"
#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_race.h"
#include "engine/app/open_training.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/files/landscape_file.h"
#include "trainer/subjects/descents/descents.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

Result<std::unique_ptr<Subject>> open_subject(const SceneFile& scene, const BackendChoice& backend) {
  if (scene.descents) return std::unique_ptr<Subject>(std::make_unique<Descents>(*scene.descents));
  ToldLoading loading;
  if (scene.race) {
    auto race = open_race(scene, backend, loading.watch(), {.cache = cache_folder()});
    if (!race) return ToldLoading::ended(race.error());
    return std::unique_ptr<Subject>(*std::move(race));
  }
  auto training = open_training(scene, backend, loading.watch(), {.cache = cache_folder()});
  if (!training) return ToldLoading::ended(training.error());
  if (strange_images(**training)) log_warning("{}", kStrangeImages);
  auto subject = std::make_unique<TrainingSubject>(*std::move(training));
  if (scene.view.height != "auto")
    subject->apply(command::ShowHeights{scene.view.height == "log" ? LossScale::kLog : LossScale::kLinear});
  return std::unique_ptr<Subject>(std::move(subject));
}

}  // namespace

Result<void> run_landscape(const LandscapeOptions& options) {
  const std::string ending = lower_extension(options.out);
  const auto formats = landscape_formats();
  const auto format = std::ranges::find(formats, ending, &LandscapeFormat::ending);
  const bool map = ending == ".svg" || ending == ".pdf";
  if (format == formats.end() && !map)
    return error(
        "{}: give a name that ends in .csv (spreadsheets, Python), .vtp (ParaView), .png (a picture), or "
        ".svg or .pdf (a contour map) with -o.",
        printable(options.out.string()));
  const Engine* engine = nullptr;
  if (map) {
    FL_TRY_LET(loaded, load_engine());
    engine = *loaded;
  }
  FL_TRY_LET(source, open_landscape_source(options));
  if (source->scene.trainability) return save_rate_map(options, *source);
  // Before the work, not after it.
  FL_TRY_LET(folder, make_landscape_place(options, *source));
  catch_interrupt();
  FL_TRY_LET(subject, open_subject(source->scene, options.backend));
  Session session({.subject = *std::move(subject)});
  FL_TRY(go_to_landscape(session, *source));
  const LandscapeView view = session.subject().view_landscape();
  if (map) {
    const bool log = view.surfaces.front().surface->scale() == LossScale::kLog;
    ContourMap contours = contour_map(view, log);
    contours.title = source->scene.run.title;
    contours.below = landscape_sentence(view);
    FL_TRY(engine->contours(contours, options.out));
  } else {
    FL_TRY(write_file_atomic(options.out, format->bytes(view)));
  }
  const std::string sentence = landscape_sentence(view);
  fmt::print("{}\n{}Saved in {}\n", sentence, roughness_lines(session.subject()),
             printable(options.out.string()));
  return {};
}

}  // namespace fl
