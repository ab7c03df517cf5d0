#include "engine/app/lesson.h"

#include <algorithm>

#include <glm/trigonometric.hpp>

namespace fl {

Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& choice) {
  auto data = load_dataset(scene.run.data, scene.base, scene.run.seed);
  if (!data) return data.error();
  auto backend = make_backend(choice, scene.run.threads);
  if (!backend) return backend.error();
  return Training::create(scene.run, *std::move(data), *std::move(backend));
}

StageTexts stage_texts(const Training& training, const std::vector<std::string>& layer_names) {
  return {training.spec().title, training.data().classes, layer_names};
}

StageView stage_view(const ViewSpec& spec) {
  StageView view;
  view.camera.yaw = glm::radians(static_cast<float>(spec.yaw));
  view.camera.pitch = glm::radians(static_cast<float>(spec.pitch));
  if (spec.distance > 0) view.camera.distance = static_cast<float>(spec.distance);
  view.theme = spec.theme == "light" ? &light_theme() : &dark_theme();
  return view;
}

double watching_pace(const ViewSpec& spec, std::int64_t total_steps) {
  constexpr double kWatchSeconds = 45;
  if (spec.steps_per_second >= 0) return spec.steps_per_second;
  return std::max(1.0, static_cast<double>(total_steps) / kWatchSeconds);
}

}  // namespace fl
