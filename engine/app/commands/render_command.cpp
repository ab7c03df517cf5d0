#include "engine/app/commands/render_command.h"

#include <array>
#include <cctype>
#include <cmath>
#include <fstream>
#include <functional>

#include "engine/app/commands/darkroom.h"
#include "engine/app/commands/output_folder.h"
#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/loading/told_loading.h"
#include "engine/app/open_training.h"
#include "engine/app/rescue.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/session/replay.h"

namespace fl {
namespace {

constexpr double kTrainingShare = 5.0 / 6;        // of a film's frames; the rest lets the surface finish
constexpr std::size_t kPointsWhileTraining = 24;  // landscape points a frame

Result<void> render_picture(Film& film, const std::filesystem::path& path) {
  Progress progress;
  Session& session = film.session();
  const Subject& subject = session.subject();
  while (!interrupted() && session.advance(subject.burst()) > 0)
    progress.show("step {} of {}", subject.steps(), subject.total_steps());
  while (!interrupted() && session.work(16))
    progress.show("{} left", counted(subject.points_left(), "landscape point"));
  session.catch_up();
  return save_png(path, film.shoot(-1));
}

// Draws `frames` pictures; `go_to` brings the session to where a picture shows it.
Result<void> save_frames(Film& film, const RenderOptions& options, std::int64_t frames,
                         const std::function<Result<void>(std::int64_t frame)>& go_to) {
  const Subject& subject = film.session().subject();
  std::int64_t shown = 0;
  for (std::int64_t frame = 0; frame < frames && !interrupted(); ++frame) {
    if (auto there = go_to(frame); !there) return there;
    const Picture picture = film.shoot(static_cast<double>(frame) / options.fps);
    if (auto saved = save_png(options.out / frame_name(frame + 1), picture); !saved) return saved;
    shown = frame + 1;
    if (shown % 10 == 0 || shown == frames)
      log_info("frame {} of {}, step {} of {}", shown, frames, subject.steps(), subject.total_steps());
  }
  fmt::print("{} in {}\n", counted(shown, "picture"), printable(options.out.string()));
  return {};
}

std::int64_t frame_count(double fps, double seconds) {
  return static_cast<std::int64_t>(std::max(2.0, std::round(fps * seconds)));
}

Result<void> render_frames(Film& film, const RenderOptions& options) {
  const std::int64_t frames = frame_count(options.fps, options.seconds);
  const auto training_frames =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(frames - 1) * kTrainingShare));
  Session& session = film.session();
  const Subject& subject = session.subject();
  const std::int64_t moves = subject.total_steps() * subject.moves_a_step();
  std::int64_t made = subject.steps() * subject.moves_a_step();
  return save_frames(film, options, frames, [&](std::int64_t frame) {
    // An equal share of the steps for each frame, whatever their number.
    const std::int64_t target = std::min(frame, training_frames) * moves / training_frames;
    for (std::int64_t more = 1; made < target && more > 0; made += more)
      more = session.advance(target - made);
    session.complete_path();
    if (!subject.over()) {
      session.work(kPointsWhileTraining);
    } else {
      // What is left is shared out over the frames that are left; the last one does whatever remains.
      const std::size_t left = subject.points_left();
      const auto frames_left = static_cast<std::size_t>(frames - frame);
      session.work(std::max(kPointsWhileTraining, left / frames_left));
      if (frame + 1 == frames)
        while (session.work(64)) {
        }
    }
    session.catch_up();
    return Result<void>();
  });
}

void say_weights(const Replay& replay, const SessionFile& file) {
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

// A session again, as far as `until`, or until somebody interrupts.
Result<void> go_on(Replay& replay, const Subject& subject, double until, Progress& progress) {
  while (!interrupted()) {
    FL_TRY_LET(more, replay.next(until));
    if (!*more) break;
    progress.show("step {} of the session", subject.steps());
  }
  return {};
}

Result<void> render_session(Film& film, const SessionFile& file, const RenderOptions& options, bool picture) {
  Replay replay(
      film.session(), file, [&](const Json& members) { return film.set_view(members); }, options.scene);
  Progress progress;
  const Subject& subject = film.session().subject();
  if (picture) {
    if (auto done = go_on(replay, subject, file.seconds(), progress); !done) return done;
    say_weights(replay, file);
    return save_png(options.out, film.shoot(-1));
  }
  const double seconds = options.seconds_given ? options.seconds : file.seconds();
  const std::int64_t frames = frame_count(options.fps, seconds);
  auto saved = save_frames(film, options, frames, [&](std::int64_t frame) {
    const double share = static_cast<double>(frame) / static_cast<double>(frames - 1);
    return go_on(replay, subject, frame + 1 == frames ? file.seconds() : share * file.seconds(), progress);
  });
  if (saved) say_weights(replay, file);
  return saved;
}

bool is_png(const std::filesystem::path& path) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  std::array<char, kSignature.size()> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  return std::string_view(start.data(), start.size()) == kSignature;
}

// The folder of the picture, or of all frames, `film`. Errors: among the images, or over what is no picture
// or an earlier film.
Result<OutputFolder> make_place(const RenderOptions& options, const SceneFile& scene,
                                const std::filesystem::path& film) {
  Inputs inputs(options.scene, scene);
  if (is_session(options.scene)) inputs.add_run(std::filesystem::path(options.scene).parent_path());
  FL_TRY(inputs.check(options.out, "-o"));
  std::error_code code;
  if (film.empty()) {
    if (std::filesystem::is_regular_file(options.out, code) &&
        std::filesystem::file_size(options.out, code) > 0 && !is_png(options.out))
      return error("{} already exists and is not a PNG picture; choose another name with -o.",
                   options.out.string());
    return OutputFolder::make(options.out.parent_path());
  }
  auto folder = OutputFolder::make_own(film);
  if (folder && !options.replace && !frames_in(film).empty())
    return error(
        "{} holds the frames of an earlier film; choose another folder with -o, or replace them with "
        "--replace.",
        film.string());
  return folder;
}

void remove_frames(const std::filesystem::path& folder) {
  std::error_code code;
  for (const std::filesystem::path& frame : frames_in(folder)) std::filesystem::remove(frame, code);
}

}  // namespace

Result<void> run_render(const RenderOptions& options) {
  std::optional<ReadSession> again;
  if (is_session(options.scene)) {
    if (!options.overrides.empty())
      return error("{} is a session, which is drawn as it was; leave out --set.", options.scene);
    FL_TRY_LET(read, read_session(options.scene));
    again = *std::move(read);
  }
  FL_TRY_LET(scene, open_scene(again ? again->scene_file.string() : options.scene, options.overrides));
  if (auto can = check_drawing_threads(training_threads(*scene)); !can) return can;
  std::string extension = options.out.extension().string();
  const bool picture = extension == ".png" || extension == ".PNG";
  // "v1.2" is a folder's name, "film.mp4" is not.
  const bool other_kind = extension.size() > 1 && std::isalpha(static_cast<unsigned char>(extension[1])) != 0;
  if (!picture && other_kind && !std::filesystem::is_directory(options.out))
    return error(
        "Cannot render to {}: give a name that ends in .png for one picture, or a folder for all frames.",
        options.out.string());
  const std::filesystem::path folder = picture ? options.out.parent_path() : options.out;
  // Before the work, not after it.
  FL_TRY_LET(made, make_place(options, *scene, picture ? std::filesystem::path() : folder));
  if (auto writable = check_writable(picture ? options.out : folder / frame_name(1)); !writable)
    return writable;

  catch_interrupt();
  ToldLoading loading;
  auto lesson = open_lesson(*scene, options.backend, loading.watch(), {.cache = cache_folder()});
  if (!lesson) return ToldLoading::ended(lesson.error());
  if (lesson->strange_images) log_warning("{}", kStrangeImages);
  if (again && again->session.head.device != lesson->device)
    log_warning("the session was computed by {}, and is now by {}: numbers may differ a little.",
                printable(again->session.head.device), lesson->device);
  FL_TRY_LET(room, Darkroom::open(*scene, *std::move(lesson), options.device,
                                  {.extent = {options.width, options.height},
                                   .playing = !again || again->session.head.playing,
                                   .as_live = again.has_value()}));
  Film& film = room->film();
  if (!picture) remove_frames(folder);  // once there is room to draw the new ones
  try {
    auto done = again     ? render_session(film, again->session, options, picture)
                : picture ? render_picture(film, options.out)
                          : render_frames(film, options);
    if (!picture || !done) return done;
  } catch (const std::exception& e) {
    return lost_run(e, film.rescue());
  }
  fmt::print("{}\n", printable(options.out.string()));
  return {};
}

}  // namespace fl
