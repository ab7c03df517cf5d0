#include "engine/app/lesson.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/app/open_race.h"
#include "engine/app/open_trainability.h"
#include "engine/app/open_training.h"
#include "engine/app/sweep_map/open_sweep_map.h"
#include "trainer/base/log.h"
#include "trainer/base/threads.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

// "conv 1:5" among the layers that the network has.
Result<TileChoice> find_tile(const std::string& wish, const std::vector<std::string>& names,
                             const std::vector<TensorShape>& shapes) {
  const std::size_t colon = wish.rfind(':');
  const std::string name = wish.substr(0, colon);
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    return error("[view] tile = \"{}\": there is no layer \"{}\"; the layers are {}.", wish, name,
                 fmt::join(names, ", "));
  const auto layer = static_cast<std::size_t>(found - names.begin());
  const TensorShape& shape = shapes[layer];
  if (shape.height == 1 && shape.width == 1)
    return error(
        "[view] tile = \"{}\": {} has no maps to enlarge, only one number per channel; choose another layer.",
        wish, name);
  std::uint32_t channel = 0;
  const char* end = wish.data() + wish.size();
  const char* first = colon == std::string::npos ? end : wish.data() + colon + 1;
  if (const auto [at, failed] = std::from_chars(first, end, channel);
      failed != std::errc{} || at != end || channel < 1 ||
      channel > static_cast<std::uint32_t>(shape.channels))
    return error("[view] tile = \"{}\": give the channel after a colon, from 1 to {}, as in \"{}:1\".", wish,
                 shape.channels, name);
  return TileChoice{static_cast<std::uint32_t>(layer), channel - 1};
}

// Which pairs of learning rates train: no landscape, no images, one map.
Result<Lesson> open_rates(const SceneFile& scene, const BackendChoice& choice, Lesson lesson) {
  FL_TRY_LET(subject, open_trainability(scene, choice, lesson.device));
  lesson.view.parts = {.tiles = false, .bars = false, .curves = false, .rates = true};
  lesson.scene_text = scene.text();
  lesson.subject = *std::move(subject);
  return lesson;
}

// Many trainings, a cell each.
Result<Lesson> open_cells(const SceneFile& scene, const BackendChoice& choice, const LoadWatch& watch,
                          const CellPlace& place, Lesson lesson) {
  FL_TRY_LET(subject, open_sweep_map(scene, choice, watch, place, lesson.device));
  lesson.view.parts = {.tiles = false, .bars = false, .curves = false, .sweep = true};
  lesson.view.sweep.figure = scene.sweep_figure;
  lesson.cells_stay = !scene.sweep_folder.empty() || place.folder;
  for (const Axis& axis : scene.sweep->axes) {
    AxisWords words{.title = axis_title(axis.key), .values = {}, .numbers = {}, .log = axis.log};
    for (const std::string& value : axis.values) words.values.push_back(axis_value(value));
    words.numbers = axis_numbers(axis);
    lesson.texts.axes.push_back(std::move(words));
  }
  lesson.scene_text = scene.text();
  lesson.subject = *std::move(subject);
  return lesson;
}

}  // namespace

int training_threads(const SceneFile& scene) {
  if (scene.trainability) return scene.trainability->threads;
  return scene.descents ? 1 : scene.run.threads;
}

Result<void> check_drawing_threads(int training) {
  constexpr int kOthers = 12;  // this one, the lesson's, the font's, the card's, the presenter's, the
                               // background's; the driver's queue, caches and display's
  constexpr int kMostOfRenderer = 32;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return check_threads((training > 0 ? training : cores) + std::min(cores, kMostOfRenderer) + kOthers);
}

Result<Lesson> open_lesson(const SceneFile& scene, const BackendChoice& backend, const LoadWatch& watch,
                           const LoadOptions& options, const CellPlace& cells) {
  Lesson lesson;
  lesson.texts.title = scene.run.title;
  lesson.texts.cues = scene.view.cues;
  lesson.view = view_state(scene.view);
  if (scene.descents) {
    if (const auto ignored = cuda_options(backend); !ignored.empty())
      log_warning("{} will change nothing: two parameters are stepped on the CPU.",
                  fmt::join(ignored, " and "));
    // No network: no maps, no classes.
    lesson.view.parts = {.tiles = false, .bars = false, .paths = true};
    lesson.view.fill(stage_fill(scene.view.fill).value());
    auto descents = std::make_unique<Descents>(*scene.descents);
    lesson.texts.path_names = descents->path_names();
    lesson.device = "CPU";
    lesson.scene_text = scene.text();
    lesson.subject = std::move(descents);
    return lesson;
  }
  if (scene.trainability) return open_rates(scene, backend, std::move(lesson));
  if (scene.sweep) return open_cells(scene, backend, watch, cells, std::move(lesson));
  if (scene.race) {
    FL_TRY_LET(race, open_race(scene, backend, watch, options));
    // Which of the networks would the maps be of?
    lesson.view.parts = {.tiles = false, .bars = false, .paths = true};
    lesson.view.fill(stage_fill(scene.view.fill).value());
    Race& opened = **race;
    lesson.device = opened.training_of(0).device();
    lesson.scene_text = scene.text(opened.training_of(0).spec());
    lesson.texts.path_heading = runs_word(*scene.race);
    for (std::size_t i = 0; i < opened.size(); ++i) lesson.texts.path_names.push_back(opened.lane(i).name());
    if (scene.view.height != "auto")
      opened.apply(command::ShowHeights{scene.view.height == "log" ? LossScale::kLog : LossScale::kLinear});
    lesson.subject = *std::move(race);
    return lesson;
  }
  LoadOptions shown = options;
  shown.thumbnails |= !scene.run.backbone.empty();  // they lie on the map
  FL_TRY_LET(training, open_training(scene, backend, watch, shown));
  lesson.device = (*training)->device();
  lesson.scene_text = scene.text((*training)->spec());
  lesson.texts.network = network_words(scene.table, scene.run);
  lesson.strange_images = strange_images(**training);
  lesson.texts.class_names = (*training)->data().classes;
  auto subject = std::make_unique<TrainingSubject>(*std::move(training));
  if (scene.view.height != "auto")
    subject->apply(command::ShowHeights{scene.view.height == "log" ? LossScale::kLog : LossScale::kLinear});
  lesson.texts.layer_names = subject->writer().layer_names();
  if (subject->capacity().map_images > 0) lesson.view.set_map(map_place(scene.view.map).value());
  if (!scene.view.tile.empty()) {
    FL_TRY_LET(tile, find_tile(scene.view.tile, lesson.texts.layer_names, subject->writer().shapes()));
    lesson.view.wall.tile = *tile;
  }
  lesson.view.fill(stage_fill(scene.view.fill).value());
  lesson.subject = std::move(subject);
  return lesson;
}

double watching_pace(const ViewSpec& spec, const Subject& subject) {
  constexpr double kWatchSeconds = 45;
  if (spec.steps_per_second >= 0) return spec.steps_per_second;
  if (subject.moves_a_step() > 1) return kPhasePace;
  return std::max(1.0, static_cast<double>(subject.total_steps()) / kWatchSeconds);
}

}  // namespace fl
