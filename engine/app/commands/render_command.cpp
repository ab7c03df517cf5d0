#include "engine/app/commands/render_command.h"

#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "engine/app/commands/output_folder.h"
#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/rescue.h"
#include "engine/app/studio.h"
#include "engine/film/capture.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr double kTrainingShare = 5.0 / 6;        // of a film's frames; the rest lets the surface finish
constexpr std::size_t kPointsWhileTraining = 24;  // landscape points a frame
constexpr std::chrono::seconds kPublishTimeout{10};

// A lesson in lockstep with its pictures.
class Film {
 public:
  Film(const SceneFile& scene, Lesson lesson, Device& device, const Font& font, VkExtent2D extent)
      : studio_(scene, std::move(lesson), device, true),
        stage_(device, font, {.color_format = Capture::kFormat}),
        capture_(device, extent) {
    ViewState& view = studio_.view();
    const Rect area = Stage::layout(extent, {view}).landscape;
    if (view.framed) view.camera.fit(area.width / area.height);
  }

  [[nodiscard]] Session& session() { return studio_.session(); }
  std::string rescue() { return studio_.rescue(); }

  // `time`: StageView::time.
  Picture shoot(double time) {
    studio_.session().catch_up();
    // Nobody else reads: a slot is always free.
    const bool published = studio_.session().publish(studio_.ring());
    FL_CHECK(published);
    // A film shows this very step, so here the picture waits.
    if (auto complete = studio_.ring().wait_for_published(kPublishTimeout); !complete)
      throw std::runtime_error(complete.error().message);
    const AcquiredFrame* frame = studio_.begin_picture(0);  // the one before is here
    FL_CHECK(frame != nullptr);
    studio_.view().height.decide(frame->header);
    StageView view{studio_.view()};
    view.time = time;
    view.content = frame->number;
    const SlotReading reading = studio_.reading();
    Picture picture = capture_.shoot(stage_, studio_.slot_set(*frame), frame->header, view, studio_.texts(),
                                     reading.wait, reading.signal);
    studio_.end_picture(0);
    return picture;
  }

 private:
  Studio studio_;
  Stage stage_;
  Capture capture_;
};

// A line every two seconds.
class Progress {
 public:
  template <typename... Args>
  void show(fmt::format_string<Args...> format, Args&&... args) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::seconds(2)) return;
    last_ = now;
    log_info(format, std::forward<Args>(args)...);
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

Result<void> render_picture(Film& film, const std::filesystem::path& path) {
  Progress progress;
  Session& session = film.session();
  const Subject& subject = session.subject();
  while (!interrupted() && session.advance(subject.burst()) > 0)
    progress.show("step {} of {}", subject.steps(), subject.total_steps());
  while (!interrupted() && session.work(16))
    progress.show("{} left", counted(subject.points_left(), "landscape point"));
  return save_png(path, film.shoot(-1));
}

Result<void> render_frames(Film& film, const RenderOptions& options) {
  const auto frames = static_cast<std::int64_t>(std::max(2.0, std::round(options.fps * options.seconds)));
  const auto training_frames =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(frames - 1) * kTrainingShare));
  Session& session = film.session();
  const Subject& subject = session.subject();
  std::int64_t shown = 0;
  for (std::int64_t frame = 0; frame < frames && !interrupted(); ++frame) {
    // An equal share of the steps for each frame, whatever their number.
    const std::int64_t target = std::min(frame, training_frames) * subject.total_steps() / training_frames;
    while (subject.steps() < target && session.advance(target - subject.steps()) > 0) {
    }
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
    const Picture picture = film.shoot(static_cast<double>(frame) / options.fps);
    if (auto saved = save_png(options.out / frame_name(frame + 1), picture); !saved) return saved;
    shown = frame + 1;
    if (shown % 10 == 0 || shown == frames)
      log_info("frame {} of {}, step {} of {}", shown, frames, subject.steps(), subject.total_steps());
  }
  fmt::print("{} in {}\n", counted(shown, "picture"), printable(options.out.string()));
  return {};
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
  if (auto free = Inputs(options.scene, scene).check(options.out, "-o"); !free) return free.error();
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
  auto scene = open_scene(options.scene, options.overrides);
  if (!scene) return scene.error();
  if (auto can = check_drawing_threads(*scene); !can) return can;
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
  const auto made = make_place(options, *scene, picture ? std::filesystem::path() : folder);
  if (!made) return made.error();
  if (auto writable = check_writable(picture ? options.out : folder / frame_name(1)); !writable)
    return writable;

  auto lesson = open_lesson(*scene, options.backend);
  if (!lesson) return lesson.error();
  auto instance = Instance::create();
  if (!instance) return instance.error();
  auto device = Device::create(
      *instance, {.name = options.device, .surface = VK_NULL_HANDLE, .trainer = lesson->subject->gpu()});
  if (!device) return device.error();
  auto font = Font::load();
  if (!font) return font.error();
  font->cover(all_words(lesson->texts));
  catch_interrupt();
  Film film(*scene, *std::move(lesson), **device, *font, {options.width, options.height});
  if (!picture) remove_frames(folder);  // once there is room to draw the new ones
  try {
    if (!picture) return render_frames(film, options);
    if (auto saved = render_picture(film, options.out); !saved) return saved;
  } catch (const std::exception& e) {
    return lost_run(e, film.rescue());
  }
  fmt::print("{}\n", printable(options.out.string()));
  return {};
}

}  // namespace fl
