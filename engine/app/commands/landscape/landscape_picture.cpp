#include "engine/app/commands/landscape/landscape_picture.h"

#include "engine/app/commands/darkroom.h"
#include "engine/app/commands/landscape/landscape_source.h"
#include "engine/app/commands/landscape/save_rate_map.h"
#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_training.h"
#include "engine/app/rescue.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {

Result<void> draw_landscape(const LandscapeOptions& options) {
  FL_TRY_LET(source, open_landscape_source(options, {"view.fill=landscape"}));
  FL_TRY(check_drawing_threads(training_threads(source->scene)));
  // Before the work, not after it.
  FL_TRY_LET(folder, make_landscape_place(options, *source));
  catch_interrupt();
  ToldLoading loading;
  auto lesson = open_lesson(source->scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!lesson) return ToldLoading::ended(lesson.error());
  if (lesson->strange_images) log_warning("{}", kStrangeImages);
  FL_TRY_LET(room, Darkroom::open(source->scene, *std::move(lesson), options.device,
                                  {.extent = {options.width, options.height}}));
  Film& film = room->film();
  try {
    FL_TRY(go_to_landscape(film.session(), *source));
    FL_TRY(save_png(options.out, film.shoot(-1).front()));
  } catch (const std::exception& e) {
    return lost_run(e, film.rescue());
  }
  Subject& subject = film.session().subject();
  const std::string sentence = sentence_of(subject);
  fmt::print("{}\n{}Saved in {}\n", sentence, roughness_lines(subject), printable(options.out.string()));
  return {};
}

}  // namespace fl
