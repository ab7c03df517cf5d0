#include "engine/app/open_training.h"

namespace fl {

Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& choice,
                                                const LoadWatch& watch, LoadOptions options) {
  if (scene.descents)
    return error(
        "{} is a surface of two parameters, which has no images and no network; open it in the window or "
        "draw it with \"fallline render\".",
        scene.run.title);
  options.listed = scene.images.get();
  FL_TRY_LET(data, load_dataset(scene.run.data, scene.base, scene.run.seed, watch, options));
  if (!watch.go_on(LoadPhase::kNetwork, 0)) return load_cancelled();
  FL_TRY_LET(backend, make_backend(choice, scene.run.threads));
  return Training::create(scene.run, *std::move(data), *std::move(backend));
}

}  // namespace fl
