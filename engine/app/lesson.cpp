#include "engine/app/lesson.h"

#include <algorithm>

#include <glm/trigonometric.hpp>

#include "trainer/run/training_subject.h"

namespace fl {

Result<std::unique_ptr<Training>> open_training(const SceneFile& scene) {
  if (scene.descents)
    return error("{} is a surface of two parameters, which has no images and no network; open it in the window or "
                 "draw it with \"fallline render\".",
                 scene.run.title);
  auto data = load_dataset(scene.run.data, scene.base, scene.run.seed);
  if (!data) return data.error();
  auto backend = make_cpu_backend(scene.run.threads);
  if (!backend) return backend.error();
  return Training::create(scene.run, *std::move(data), *std::move(backend));
}

Result<Lesson> open_lesson(const SceneFile& scene) {
  Lesson lesson;
  lesson.texts.title = scene.run.title;
  if (scene.descents) {
    auto descents = std::make_unique<Descents>(*scene.descents);
    lesson.texts.path_names = descents->path_names();
    lesson.device = "CPU";
    lesson.subject = std::move(descents);
    return lesson;
  }
  auto training = open_training(scene);
  if (!training) return training.error();
  lesson.device = (*training)->device();
  lesson.texts.class_names = (*training)->data().classes;
  auto subject = std::make_unique<TrainingSubject>(*std::move(training));
  lesson.texts.layer_names = subject->writer().layer_names();
  lesson.subject = std::move(subject);
  return lesson;
}

StageView stage_view(const SceneFile& scene) {
  const ViewSpec& spec = scene.view;
  StageView view;
  // No network: no maps, no classes.
  if (scene.descents) view.parts = {.tiles = false, .bars = false, .paths = true};
  view.camera.yaw = glm::radians(static_cast<float>(spec.yaw));
  view.camera.pitch = glm::radians(static_cast<float>(spec.pitch));
  if (spec.distance > 0) view.camera.distance = static_cast<float>(spec.distance);
  view.colors = &color_map(spec.colors);
  view.theme = spec.theme == "light" ? &light_theme() : &dark_theme();
  return view;
}

double watching_pace(const ViewSpec& spec, std::int64_t total_steps) {
  constexpr double kWatchSeconds = 45;
  if (spec.steps_per_second >= 0) return spec.steps_per_second;
  return std::max(1.0, static_cast<double>(total_steps) / kWatchSeconds);
}

}  // namespace fl
