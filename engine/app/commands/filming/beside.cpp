#include "engine/app/commands/filming/beside.h"

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>

#include "engine/app/commands/darkroom.h"
#include "engine/app/commands/filming/captions.h"
#include "engine/app/commands/filming/film_output.h"
#include "engine/app/commands/filming/lesson_film.h"
#include "engine/app/commands/filming/session_part.h"
#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/rescue.h"
#include "engine/film/side_by_side.h"
#include "engine/view/picture_size.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::uint8_t, 3> kLineOnDark{70, 76, 86}, kLineOnLight{186, 190, 196};

// Of one half. It stays where it is: what goes on in it refers to it.
struct Side {
  std::string argument;  // a scene or session.jsonl
  std::optional<ReadSession> again;
  std::vector<std::string> pinned;
  SceneFile scene;
  std::optional<Conductor> conductor;
  std::string title;
  LessonFilm lesson{};
  std::int64_t frames = 0;  // of its own, before it holds its end
  std::optional<Darkroom> room;
  Progress progress;
  std::optional<Replay> replay;
  std::function<Result<void>(const Reel::Moment&)> go_to;
  Picture last;  // drawn
};

// A run folder is what is in it.
std::string in_run_folder(const std::string& argument) {
  std::error_code code;
  for (const char* name : {kSessionFile, kSceneFile})
    if (const fs::path file = fs::path(argument) / name;
        fs::is_directory(argument, code) && fs::is_regular_file(file, code))
      return file.string();
  return argument;
}

Result<void> read_side(Side& side, const std::string& argument, const RenderOptions& options) {
  side.argument = in_run_folder(argument);
  RenderOptions own = options;
  own.scene = side.argument;
  if (is_session(side.argument)) {
    FL_TRY_LET(pinned, pinned_of_session(own));
    side.pinned = *std::move(pinned);
    FL_TRY_LET(read, read_session(side.argument));
    side.again = *std::move(read);
  }
  FL_TRY_LET(scene,
             open_scene(side.again ? side.again->scene_file.string() : side.argument, options.overrides));
  side.scene = *std::move(scene);
  return check_drawing_threads(training_threads(side.scene));
}

// How long a lesson's film is; a session has its own length.
std::optional<double> length_of(const Side& side, const RenderOptions& options) {
  if (options.seconds_given) return options.seconds;
  if (side.scene.film.seconds > 0) return side.scene.film.seconds;
  return side.scene.timeline.empty() ? std::optional(options.seconds) : std::nullopt;
}

Result<void> open_side(Side& side, const RenderOptions& options, VkExtent2D extent) {
  ToldLoading loading;
  auto lesson = open_lesson(side.scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!lesson) return ToldLoading::ended(lesson.error());
  if (!side.again) {
    FL_TRY_LET(conductor, conductor_of(side.scene, *lesson, length_of(side, options), side.argument));
    side.conductor = *std::move(conductor);
  }
  Conductor* const conducts = side.conductor ? &*side.conductor : nullptr;
  const SessionFile* const session = side.again ? &side.again->session : nullptr;
  const double seconds = session != nullptr && !options.seconds_given ? session->seconds()
                         : conducts != nullptr                        ? conducts->timeline().seconds()
                         : session != nullptr                         ? options.seconds
                                                                      : *length_of(side, options);
  side.frames = frame_count(options.fps, seconds);
  side.title = lesson->texts.title;
  side.lesson = {.fps = options.fps, .conductor = conducts};
  side.lesson.said = session != nullptr
                         ? cues_of_session(*session, {0, session->seconds()}, side.frames)
                         : cues_of_lesson(side.scene.film.cues ? lesson->texts.cues.size() : 0, side.frames);
  if (conducts != nullptr)
    side.lesson.said = cues_of_timeline(conducts->timeline(), std::move(side.lesson.said), options.fps);
  FL_TRY_LET(room, Darkroom::open(side.scene, *std::move(lesson), options.device,
                                  {.extent = extent,
                                   .playing = session == nullptr || session->head.playing,
                                   .as_live = session != nullptr,
                                   .supersampling = side.scene.film.supersampling,
                                   .pinned = side.pinned}));
  side.room = *std::move(room);
  return {};
}

// What brings it to each of its moments.
void begin_side(Side& side) {
  Film& film = side.room->film();
  if (!side.again) {
    if (side.scene.film.rehearse) rehearse_film(film, side.lesson.conductor);
    side.go_to = course_of(film, side.lesson);
    return;
  }
  const SessionFile& file = side.again->session;
  side.replay.emplace(
      film.session(), file, [&film](const Json& members) { return film.set_view(members); }, side.argument);
  side.go_to = [&side, &film, &file](const Reel::Moment& moment) {
    film.set_cue(side.lesson.said[static_cast<std::size_t>(moment.frame)]);
    return go_on(*side.replay, film.session().subject(),
                 moment_of(moment.at, side.frames, {0, file.seconds()}), side.progress);
  };
}

// Both are seen as the first one is.
void link(Film& left, Film& right) {
  right.view().camera = left.view().camera;
  right.view().framed = left.view().framed;
  right.view().theme = left.view().theme;
}

Picture join(Side& left, const Side& right, std::uint32_t line) {
  return joined(left.last, right.last, line, left.room->film().view().light() ? kLineOnLight : kLineOnDark);
}

Picture shot(Film& film, double time) {
  return std::move(film.shoot(time).front());
}

Result<bool> shoot_end(Side& left, Side& right, const FilmPlace& place, std::uint32_t line) {
  for (Side* side : {&left, &right}) {
    Film& film = side->room->film();
    if (side->again) {
      FL_TRY(go_on(*side->replay, film.session().subject(), side->again->session.seconds(), side->progress));
    } else {
      finish_lesson(film, side->lesson.conductor);
    }
  }
  link(left.room->film(), right.room->film());
  for (Side* side : {&left, &right}) side->last = shot(side->room->film(), -1);
  FL_TRY(place.save({join(left, right, line)}));
  fmt::print("{}\n", place.words(1));
  return !interrupted();
}

// One picture of both. The camera may move on where a lesson holds its end, so both are drawn each time.
Result<Picture> shoot_both(Side& left, Side& right, std::int64_t frame, double fps, std::uint32_t line) {
  for (Side* side : {&left, &right})
    if (frame < side->frames) {
      FL_TRY(side->go_to({.frame = frame, .at = static_cast<double>(frame), .whole = true}));
    }
  link(left.room->film(), right.room->film());
  for (Side* side : {&left, &right}) side->last = shot(side->room->film(), static_cast<double>(frame) / fps);
  return join(left, right, line);
}

Result<bool> shoot_film(Side& left, Side& right, FilmPlace& place, const RenderOptions& options,
                        std::uint32_t line) {
  const std::int64_t frames = std::max(left.frames, right.frames);
  FL_TRY(place.begin({{"format", Json("fallline film 1")},
                      {"scene", Json(left.argument)},
                      {"beside", Json(right.argument)},
                      {"size", Json(fmt::format("{}x{}", options.width, options.height))},
                      {"frames", Json(frames)},
                      {"frames per second", Json(options.fps)}},
                     frames));
  FL_TRY_LET(output, FilmOutput::open(place, {}, left.title + " | " + right.title, options.fps));
  FilmProgress progress(frames);
  Side& longer = left.frames >= right.frames ? left : right;
  std::int64_t shown = 0;
  Result<void> done;
  for (; shown < frames && done && !interrupted(); ++shown) {
    auto both = shoot_both(left, right, shown, options.fps, line);
    if (both && shown + 1 == frames) done = place.save_poster({*both});
    if (both && done) done = output->add({*std::move(both)});
    if (!both) done = both.error();
    if (!done) break;
    progress.show(shown + 1, longer.room->film().session().subject());
  }
  auto written = output->finish();
  if (!done || !written) return (done ? written : done).error();
  if (shown == 0) return error("It was stopped before the first picture, so there is no film.");
  fmt::print("{}\n", place.words(shown));
  if (shown < frames) log_warning("stopped after {} of {} pictures.", shown, frames);
  return shown == frames;
}

}  // namespace

Result<bool> render_beside(const RenderOptions& asked) {
  RenderOptions options = asked;
  const auto left = std::make_unique<Side>(), right = std::make_unique<Side>();
  FL_TRY(read_side(*left, asked.scene, options));
  if (const auto read = read_side(*right, asked.beside, options); !read)
    return error("--beside: {}", read.error().message);
  const FilmSpec& film = left->scene.film;
  if (!options.size_given) std::tie(options.width, options.height) = parse_size(film.size).value();
  if (!options.fps_given && film.fps > 0) options.fps = film.fps;
  const SideBySide columns = side_by_side(options.width, options.height);
  Inputs inputs;
  for (const auto* side : {left.get(), right.get()}) {
    inputs.add_scene(side->argument, side->scene);
    if (side->again) inputs.add_run(fs::path(side->argument).parent_path());
  }
  FL_TRY_LET(place, FilmPlace::make(options, left->scene, inputs));
  catch_interrupt();
  const VkExtent2D extent{columns.column, options.height};
  FL_TRY(open_side(*left, options, extent));
  if (const auto open = open_side(*right, options, extent); !open)
    return error("--beside: {}", open.error().message);
  for (const auto* side : {left.get(), right.get()})
    if (side->scene.film.exposures > 1)
      log_warning("{}: side by side there is no motion blur and no depth of field; exposures is left out.",
                  printable(side->argument));
  try {
    for (Side* side : {left.get(), right.get()}) begin_side(*side);
    return place->picture() ? shoot_end(*left, *right, *place, columns.line)
                            : shoot_film(*left, *right, *place, options, columns.line);
  } catch (const std::exception& e) {
    log_warning("{}", lost_run(e, left->room->film().rescue()).message);
    return lost_run(e, right->room->film().rescue());
  }
}

}  // namespace fl
