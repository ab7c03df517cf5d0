#include "engine/app/commands/render_command.h"

#include <tuple>

#include "engine/app/commands/darkroom.h"
#include "engine/app/commands/filming/beside.h"
#include "engine/app/commands/filming/captions.h"
#include "engine/app/commands/filming/film_parts.h"
#include "engine/app/commands/filming/lesson_film.h"
#include "engine/app/commands/filming/session_part.h"
#include "engine/app/commands/filming/take_job.h"
#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_training.h"
#include "engine/app/rescue.h"
#include "engine/app/studio/view_json.h"
#include "engine/view/picture_size.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/checksum.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/session/replay.h"

namespace fl {
namespace {

// What a film is made with.
struct Making {
  const RenderOptions& options;
  FilmPlace& place;
  std::string title;
  std::vector<Cue> cues;
  std::vector<std::size_t> said;  // captions.h: the cue of each picture
  SessionTake part;               // of the session, where it is one's
  Conductor* conductor = nullptr;  // of the timeline; null: there is none
  Json::Object film;              // .film.json, but for what draws
  Shutter shutter{};
};

Reel::Plan reel_plan(const Making& making) {
  Json::Object described = making.film;
  return {
      .fps = making.options.fps,
      .frames = static_cast<std::int64_t>(making.said.size()),
      .title = making.title,
      .chapters = with_timeline(chapters_of(making.said, making.cues, making.options.fps), making.conductor),
      .srt = making.options.srt,
      .described = std::move(described),
      .shutter = making.shutter};
}

Result<bool> render_frames(Film& film, const Making& making) {
  Reel reel(making.place, reel_plan(making));
  FL_TRY(reel.begin(film.device()));
  return reel.finish(shoot_lesson(
      reel, film, {.fps = making.options.fps, .said = making.said, .conductor = making.conductor}));
}

// Of a take that was marked in the window, or of the whole session.
void say_weights(const Replay& replay, const SessionFile& file, bool take) {
  if (take) {
    if (const auto same = replay.same_at_mark(); same && *same)
      log_info("the weights are those that the session had where the take ends, to the byte");
    else if (same)
      log_warning(
          "the weights are not quite those that the session had where the take ends: another device or "
          "program sums in another order.");
    return;
  }
  if (replay.finished() && file.cut)
    log_warning("the session went on after what is drawn: its log was full after {:.0f} s, at step {}.",
                file.seconds(), file.events.empty() ? 0 : file.events.back().step);
  const auto same = replay.finished() ? replay.same_weights() : std::nullopt;
  if (same && *same) log_info("the weights are those that the session ended with, to the byte");
  if (same && !*same)
    log_warning(
        "the weights are not quite those that the session ended with: another device or program sums in "
        "another order.");
}

Result<bool> render_session(Film& film, const SessionFile& file, const Making& making) {
  Replay replay(
      film.session(), file, [&](const Json& members) { return film.set_view(members); },
      making.options.scene);
  Progress progress;
  const Subject& subject = film.session().subject();
  if (making.place.picture()) {
    FL_TRY(go_on(replay, subject, making.part.end, progress));
    say_weights(replay, file, making.options.take > 0);
    FL_TRY(making.place.save(expose_still(film, making.shutter, making.place.alpha())));
    return !interrupted();
  }
  const auto frames = static_cast<std::int64_t>(making.said.size());
  Reel reel(making.place, reel_plan(making));
  FL_TRY(reel.begin(film.device()));
  auto saved = reel.finish(reel.shoot(film, frames, [&](const Reel::Moment& moment) {
    return go_on(replay, subject, moment_of(moment.at, frames, making.part), progress);
  }));
  if (saved) say_weights(replay, file, making.options.take > 0);
  return saved;
}

Making plan(const RenderOptions& options, FilmPlace& place, const Lesson& lesson, const SceneFile& scene,
            const SessionFile* session, const SessionTake& part, Conductor* conductor) {
  Making making{.options = options,
                .place = place,
                .title = lesson.texts.title,
                .cues = lesson.texts.cues,
                .said = {},
                .part = part,
                .conductor = conductor,
                .film = {},
                .shutter = {scene.film, options.exposures}};
  const bool its_own = session != nullptr && !options.seconds_given;
  const std::int64_t frames =
      frame_count(options.fps, its_own                ? part.end - part.begin
                               : conductor != nullptr ? conductor->timeline().seconds()
                                                      : options.seconds);
  making.said = session != nullptr ? cues_of_session(*session, part, frames)
                                   : cues_of_lesson(scene.film.cues ? making.cues.size() : 0, frames);
  if (conductor != nullptr)
    making.said = cues_of_timeline(conductor->timeline(), std::move(making.said), options.fps);
  const std::string& of = lesson.scene_text;
  making.film = {{"format", Json("fallline film 1")},
                 {"scene", Json(fmt::format("{:016x}", checksum(std::as_bytes(std::span(of)))))},
                 {"session", Json(session != nullptr ? fmt::format("{} events, weights {}",
                                                                   session->events.size(), session->weights)
                                                     : "none")},
                 {"size", Json(fmt::format("{}x{}", options.width, options.height))},
                 {"frames", Json(frames)},
                 {"frames per second", Json(options.fps)},
                 {"transparent", Json(options.transparent)},
                 {"exposures", Json(making.shutter.words())},
                 {"trained by", Json(lesson.device)}};
  if (session != nullptr && part != SessionTake{0, session->seconds()})
    making.film.push_back({"part", Json(fmt::format("{:.6f} s to {:.6f} s", part.begin, part.end))});
  return making;
}

// Whether all of it is there; false where it was interrupted.
Result<bool> render(const RenderOptions& asked) {
  if (!asked.beside.empty()) return render_beside(asked);
  RenderOptions options = asked;
  const TakeTurn turn = TakeTurn::begin();
  std::optional<ReadSession> again;
  SessionTake part;
  std::vector<std::string> pinned;
  if (is_session(options.scene)) {
    FL_TRY_LET(members, pinned_of_session(options));
    pinned = *std::move(members);
    FL_TRY_LET(read, read_session(options.scene));
    again = *std::move(read);
    FL_TRY_LET(chosen, session_part(options, again->session));
    part = *chosen;
  } else {
    FL_TRY(check_no_part(options));
    FL_TRY_LET(parts, read_film_of_parts(options.scene, options.overrides));
    if (*parts) return render_parts(options, **parts);
  }
  FL_TRY_LET(scene, open_scene(again ? again->scene_file.string() : options.scene, options.overrides));
  if (!options.size_given) std::tie(options.width, options.height) = parse_size(scene->film.size).value();
  FL_TRY(check_drawing_threads(training_threads(*scene)));
  const bool own_length = !again && !options.seconds_given;  // the scene may say one
  if (!options.fps_given && scene->film.fps > 0) options.fps = scene->film.fps;
  if (own_length && scene->film.seconds > 0) options.seconds = scene->film.seconds;
  // Before the work, not after it.
  Inputs inputs(options.scene, *scene);
  if (again) inputs.add_run(std::filesystem::path(options.scene).parent_path());
  FL_TRY_LET(place, FilmPlace::make(options, *scene, inputs));

  catch_interrupt();
  ToldLoading loading;
  auto lesson = open_lesson(*scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!lesson) return ToldLoading::ended(lesson.error());
  if (lesson->strange_images) log_warning("{}", kStrangeImages);
  if (again && again->session.head.device != lesson->device)
    log_warning("the session was computed by {}, and is now by {}: numbers may differ a little.",
                printable(again->session.head.device), lesson->device);
  FL_TRY(check_parts(options, lesson->view));
  const std::optional<double> length =
      own_length && scene->film.seconds == 0 ? std::nullopt : std::optional(options.seconds);
  auto conductor = again ? Result<std::optional<Conductor>>(std::nullopt)
                         : conductor_of(*scene, *lesson, length, options.scene);
  if (!conductor) return conductor.error();
  Conductor* const conducts = *conductor ? &**conductor : nullptr;
  const Making making = plan(options, *place, *lesson, *scene, again ? &again->session : nullptr, part, conducts);
  FL_TRY_LET(room, Darkroom::open(*scene, *std::move(lesson), options.device,
                                  {.extent = {options.width, options.height},
                                   .playing = !again || again->session.head.playing,
                                   .as_live = again.has_value(),
                                   .supersampling = scene->film.supersampling,
                                   .transparent = options.transparent,
                                   .parts = parts_of(options),
                                   .pinned = pinned}));
  Film& film = room->film();
  try {
    if (scene->film.rehearse && !again) rehearse_film(film, conducts);
    auto whole = again              ? render_session(film, again->session, making)
                 : place->picture() ? render_picture(film, *place, conducts, making.shutter)
                                    : render_frames(film, making);
    if (whole) turn.done();
    if (!place->picture() || !whole) return whole;
    fmt::print("{}\n", place->words(1));
    return whole;
  } catch (const std::exception& e) {
    return lost_run(e, film.rescue());
  }
}

}  // namespace

Result<void> run_render(const RenderOptions& options) {
  const auto whole = render(options);
  return whole ? Result<void>() : whole.error();
}

}  // namespace fl
