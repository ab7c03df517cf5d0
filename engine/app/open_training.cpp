#include "engine/app/open_training.h"

#include <chrono>
#include <optional>

#include "trainer/backbone/head_picture.h"
#include "trainer/backbone/transfer.h"
#include "trainer/backbone/unfreeze.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/files/open_backbone.h"

namespace fl {
namespace {

Result<std::unique_ptr<Training>> open_from_seed(const SceneFile& scene, const BackendChoice& choice,
                                                 const LoadWatch& watch, LoadOptions options,
                                                 LoadedSets* sets, std::shared_ptr<Backend> backend) {
  if (scene.trainability)
    return error(
        "{} is a map of learning rates, which has no images; open it in the window, draw it with \"fallline "
        "render\", or save it with \"fallline landscape\".",
        scene.run.title);
  if (scene.descents)
    return error(
        "{} is a surface of two parameters, which has no images and no network; open it in the window or "
        "draw it with \"fallline render\".",
        scene.run.title);
  if (scene.race)
    return error(
        "{} is a race of {} trainings; open it in the window, draw it with \"fallline render\", or train its "
        "runs with \"fallline train\".",
        scene.run.title, scene.race->values.size());
  if (scene.sweep)
    return error(
        "{} is a map of {}; open it in the window, draw it with \"fallline render\", or train its cells with "
        "\"fallline sweep\".",
        scene.run.title, counted(scene.sweep->cells(), "training"));
  options.listed = scene.images;
  const RunSpec& run = scene.run;
  options.mirrored = run.mirror;
  const auto load_new = [&]() { return load_dataset(run.data, scene.base, run.seed, watch, options); };
  // `load`, unless it was loaded before.
  const auto known_or = [&](const std::function<Result<Dataset>()>& load) {
    const SetKey key{run.data, scene.base, run.seed, run.backbone, run.unfreeze, run.mirror};
    return sets != nullptr ? sets->get(key, load) : load();
  };
  const auto make_sure = [&]() -> Result<void> {
    BackendChoice possible = choice;
    const bool forks = !run.fork_steps.empty() && choice.kind == BackendKind::kAuto;  // on the CPU alone
    if (forks) possible.kind = BackendKind::kCpu;
    if (backend && !(forks && backend->gpu())) return {};
    FL_TRY_LET(made, make_backend(possible, run.threads));
    backend = *std::move(made);
    return {};
  };
  if (run.backbone.empty()) {
    FL_TRY_LET(data, known_or(load_new));
    if (!watch.go_on(LoadPhase::kNetwork, 0)) return load_cancelled();
    FL_TRY(make_sure());
    return Training::create(run, *std::move(data), std::move(backend));
  }
  // It sees the images while they are read.
  FL_TRY_LET(backbone, open_backbone(run.backbone));
  std::optional<TmExport> parts;  // whose head is the start
  if (run.init == kExportedInit) {
    FL_TRY_LET(read, read_tm_export(run.backbone));
    parts = *std::move(read);
  }
  FL_TRY(make_sure());
  FL_TRY_LET(cut, cut_backbone(*std::move(backbone), run.unfreeze));
  FL_TRY_LET(embedder, Embedder::make(cut->below, *backend));
  auto own = std::make_unique<Embedder>(*std::move(embedder));
  options.digest = own.get();
  FL_TRY_LET(data, known_or([&]() -> Result<Dataset> {
               const auto started = std::chrono::steady_clock::now();
               FL_TRY_LET(embedded, load_new());
               const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
               log_info("{} embedded by {} in {:.1f} s", counted(embedded->size(), "image"),
                        printable(run.backbone), seconds.count());
               return embedded;
             }));
  if (!watch.go_on(LoadPhase::kNetwork, 0)) return load_cancelled();
  std::vector<float> start;
  if (parts) {
    FL_TRY_LET(head, exported_head(*parts, run.head, data->classes));
    start = *std::move(head);
  }
  return Training::create(run, *std::move(data), std::move(backend), std::move(own), std::move(start),
                          std::move(cut->above));
}

}  // namespace

Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& choice,
                                                const LoadWatch& watch, LoadOptions options, LoadedSets* sets,
                                                std::shared_ptr<Backend> backend) {
  auto training = open_from_seed(scene, choice, watch, std::move(options), sets, std::move(backend));
  if (!training || !scene.start) return training;
  FL_TRY((*training)->reset(*scene.start));
  return training;
}

bool strange_images(const Training& training) {
  const RunSpec& run = training.spec();
  return is_phantom_backbone(run.backbone) && run.data.reads_files() &&
         !look_like_heads(training.data(), training.image_shape());
}

}  // namespace fl
