#include "engine/app/open_training.h"

#include <chrono>

#include "engine/app/open_backbone.h"
#include "trainer/backbone/transfer.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {

Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& choice,
                                                const LoadWatch& watch, LoadOptions options) {
  if (scene.descents)
    return error(
        "{} is a surface of two parameters, which has no images and no network; open it in the window or "
        "draw it with \"fallline render\".",
        scene.run.title);
  options.listed = scene.images.get();
  std::optional<KnownNetwork> backbone;
  if (!scene.run.backbone.empty()) {
    FL_TRY_LET(opened, open_backbone(scene.run.backbone));
    backbone = *std::move(opened);
  }
  FL_TRY_LET(data, load_dataset(scene.run.data, scene.base, scene.run.seed, watch, options));
  if (!watch.go_on(LoadPhase::kNetwork, 0)) return load_cancelled();
  FL_TRY_LET(backend, make_backend(choice, scene.run.threads));
  if (backbone) {
    const auto started = std::chrono::steady_clock::now();
    FL_TRY_LET(embedded, embed_dataset(*std::move(data), *backbone, **backend, watch));
    data = *std::move(embedded);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    log_info("{} embedded by {}, {:.0f} images/s", counted(data->size(), "image"),
             printable(scene.run.backbone), static_cast<double>(data->size()) / seconds.count());
  }
  return Training::create(scene.run, *std::move(data), *std::move(backend));
}

}  // namespace fl
