#include "engine/app/commands/filming/film_parts.h"

#include <tuple>

#include "engine/app/commands/darkroom.h"
#include "engine/app/commands/filming/captions.h"
#include "engine/app/commands/filming/lesson_film.h"
#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/rescue.h"
#include "engine/view/part_spec.h"
#include "engine/view/picture_size.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/checksum.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/scene/scene_path.h"
#include "trainer/scene/setting.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Of a file that reads as a film of parts; nothing of any other.
std::optional<toml::table> table_with_parts(const fs::path& path) {
  std::error_code code;
  if (path.extension() != ".toml" || !fs::is_regular_file(path, code)) return std::nullopt;
  const auto text = read_text_file(path, kMaxTomlBytes);
  auto table = text ? parse_toml(*text, path.string()) : Result<toml::table>(text.error());
  if (!table || !has_parts(*table)) return std::nullopt;
  return *std::move(table);
}

Result<FilmOfParts::Part> read_part(const PartSpec& spec, const fs::path& base, const FilmSpec& film,
                                    const std::vector<std::string>& overrides) {
  const fs::path path = (base / path_in_scene(spec.scene)).lexically_normal();
  std::error_code code;
  if (!fs::exists(path, code))
    return error("{}: there is no {}; name a scene from the folder of this file on.", spec.where,
                 printable(path.string()));
  if (table_with_parts(path))
    return error("{}: {} is a film of parts itself; name the lessons that it is made of.", spec.where,
                 printable(path.string()));
  std::vector<std::string> set = spec.set;
  set.insert(set.end(), overrides.begin(), overrides.end());
  auto scene = open_scene(path.string(), set);
  if (!scene) return error("{}: {}", spec.where, scene.error().message);
  FilmOfParts::Part part{.argument = path.string(), .scene = *std::move(scene), .where = spec.where};
  if (spec.table.contains("timeline")) {
    auto timeline = parse_timeline(spec.table, part.scene.view.cues.size());
    if (!timeline) return error("{}: {}", spec.where, timeline.error().message);
    part.scene.timeline = *std::move(timeline);
  }
  part.scene.film = film;
  part.scene.film.seconds = spec.seconds;
  return part;
}

std::optional<double> length_of(const FilmOfParts::Part& part) {
  const double seconds = part.scene.film.seconds;
  if (part.scene.timeline.empty()) return seconds > 0 ? seconds : 8;
  return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

struct OpenPart {
  Lesson lesson;
  std::optional<Conductor> conductor;
  LessonFilm film;
  std::vector<Chapter> chapters;  // from the part's own beginning
};

Result<OpenPart> open_part(const FilmOfParts::Part& part, const RenderOptions& options,
                           ToldLoading& loading) {
  auto lesson = open_lesson(part.scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!lesson) return ToldLoading::ended(lesson.error());
  if (const auto shown = check_parts(options, lesson->view); !shown)
    return error("{}: {}", part.where, shown.error().message);
  auto conductor = conductor_of(part.scene, *lesson, length_of(part), part.where);
  if (!conductor) return conductor.error();
  OpenPart open{*std::move(lesson), *std::move(conductor), {.fps = options.fps}, {}};
  const Conductor* conducts = open.conductor ? &*open.conductor : nullptr;
  const double seconds = conducts != nullptr ? conducts->timeline().seconds() : *length_of(part);
  open.film.said = cues_of_lesson(part.scene.film.cues ? open.lesson.texts.cues.size() : 0,
                                  frame_count(options.fps, seconds));
  if (conducts != nullptr)
    open.film.said = cues_of_timeline(conducts->timeline(), std::move(open.film.said), options.fps);
  open.chapters = with_timeline(chapters_of(open.film.said, open.lesson.texts.cues, options.fps), conducts);
  return open;
}

// All parts are opened once before the first picture: what one cannot do is said before the work, and a film
// begins with all its chapters.
Result<Reel::Plan> plan_of(const FilmOfParts& film, const RenderOptions& options) {
  Reel::Plan plan{.fps = options.fps,
                  .title = film.title,
                  .srt = options.srt,
                  .shutter = {film.film, options.exposures},
                  .dissolve = film.film.dissolve};
  std::string scenes, device;
  ToldLoading loading;
  for (const FilmOfParts::Part& part : film.parts) {
    FL_TRY_LET(open, open_part(part, options, loading));
    const double begin = static_cast<double>(plan.frames) / options.fps;
    const double end = begin + static_cast<double>(open->film.said.size()) / options.fps;
    for (const Chapter& one : open->chapters)
      plan.chapters.push_back({begin + one.begin, std::min(begin + one.end, end), one.title});
    plan.frames += static_cast<std::int64_t>(open->film.said.size());
    scenes += open->lesson.scene_text;
    device = open->lesson.device;
    if (interrupted()) return error("It was stopped before the first picture, so there is no film.");
  }
  plan.described = {{"format", Json("fallline film 1")},
                    {"scene", Json(fmt::format("{:016x}", checksum(std::as_bytes(std::span(scenes)))))},
                    {"session", Json("none")},
                    {"size", Json(fmt::format("{}x{}", options.width, options.height))},
                    {"frames", Json(plan.frames)},
                    {"frames per second", Json(options.fps)},
                    {"transparent", Json(options.transparent)},
                    {"exposures", Json(plan.shutter.words())},
                    {"dissolve", Json(plan.dissolve)},
                    {"trained by", Json(device)}};
  return plan;
}

// Draws one part. `reel`: null for the film's last picture alone.
Result<void> render_part(const FilmOfParts::Part& part, const RenderOptions& options, Reel* reel,
                         const FilmPlace& place) {
  ToldLoading loading;
  FL_TRY_LET(open, open_part(part, options, loading));
  Conductor* const conducts = open->conductor ? &*open->conductor : nullptr;
  open->film.conductor = conducts;
  FL_TRY_LET(room, Darkroom::open(part.scene, std::move(open->lesson), options.device,
                                  {.extent = {options.width, options.height},
                                   .supersampling = part.scene.film.supersampling,
                                   .transparent = options.transparent,
                                   .parts = parts_of(options)}));
  Film& film = room->film();
  if (reel != nullptr) {
    FL_TRY(reel->begin(film.device()));
    const auto frames = static_cast<std::int64_t>(open->film.said.size());
    if (reel->has(frames)) {
      reel->pass(frames);
      return {};
    }
  }
  try {
    if (part.scene.film.rehearse) rehearse_film(film, conducts);
    if (reel != nullptr) return shoot_lesson(*reel, film, open->film);
    FL_TRY(render_picture(film, place, conducts, {part.scene.film, options.exposures}));
    return {};
  } catch (const std::exception& e) {
    return lost_run(e, film.rescue());
  }
}

}  // namespace

Result<std::optional<FilmOfParts>> read_film_of_parts(const std::string& argument,
                                                      const std::vector<std::string>& overrides) {
  std::optional<toml::table> table = table_with_parts(argument);
  if (!table) return std::optional<FilmOfParts>();
  const auto read = [&]() -> Result<FilmOfParts> {
    std::vector<std::string> of_parts;
    for (const std::string& text : overrides) {
      if (!text.starts_with("film.")) {
        of_parts.push_back(text);
        continue;
      }
      FL_TRY(apply_setting(*table, text));
    }
    FL_TRY(check_tables(*table, scene_tables()));
    FilmOfParts film;
    film.title = printable((*table)["title"].value_or(fs::path(argument).stem().string()));
    FL_TRY_LET(spec, parse_film_spec(*table));
    film.film = *std::move(spec);
    FL_TRY_LET(parts, parse_parts(*table));
    for (const PartSpec& part : *parts) {
      FL_TRY_LET(one, read_part(part, fs::absolute(argument).parent_path(), film.film, of_parts));
      film.parts.push_back(*std::move(one));
    }
    return film;
  }();
  if (!read) return error("{}: {}", argument, read.error().message);
  FilmOfParts film = *read;
  for (FilmOfParts::Part& part : film.parts) part.where = fmt::format("{}: {}", argument, part.where);
  return std::optional(std::move(film));
}

Result<bool> render_parts(RenderOptions options, const FilmOfParts& film) {
  if (!options.size_given) std::tie(options.width, options.height) = parse_size(film.film.size).value();
  if (!options.fps_given && film.film.fps > 0) options.fps = film.film.fps;
  if (options.seconds_given)
    return error("{} is a film of parts, each as long as it says; leave out --seconds.", options.scene);
  Inputs inputs;
  inputs.add_file(options.scene, "the file to open");
  for (const FilmOfParts::Part& part : film.parts) {
    FL_TRY(check_drawing_threads(training_threads(part.scene)));
    inputs.add_scene(part.argument, part.scene);
  }
  FL_TRY_LET(place, FilmPlace::make(options, film.parts.front().scene, inputs));
  catch_interrupt();
  if (place->picture()) {
    FL_TRY(render_part(film.parts.back(), options, nullptr, *place));
    fmt::print("{}\n", place->words(1));
    return !interrupted();
  }
  FL_TRY_LET(plan, plan_of(film, options));
  Reel reel(*place, *std::move(plan));
  Result<void> done;
  for (const FilmOfParts::Part& part : film.parts) {
    if (!done || interrupted()) break;
    log_info("part {} of {}: {}", &part - film.parts.data() + 1, film.parts.size(), part.scene.run.title);
    done = render_part(part, options, &reel, *place);
  }
  return reel.finish(std::move(done));
}

}  // namespace fl
