#include "engine/app/commands/curvature/curvature_command.h"

#include <algorithm>
#include <system_error>

#include "engine/app/loading/own_folders.h"
#include "engine/app/open_training.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/files/checkpoint.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

Result<std::unique_ptr<Training>> open_run(const CurvatureOptions& options) {
  std::error_code code;
  for (const char* file : {kSceneFile, kCheckpointFile})
    if (!fs::exists(options.run / file, code))
      return error(
          "{} has no {}, so its curvature is not known; name a run folder saved by \"fallline train\".",
          printable(options.run.string()), file);
  FL_TRY_LET(checkpoint, read_checkpoint(options.run / kCheckpointFile));
  FL_TRY_LET(scene, open_scene((options.run / kSceneFile).string(), {}));
  // Where it was trained matters no more.
  FL_TRY_LET(training, open_training(*scene, {.kind = BackendKind::kCpu}, {}, {.cache = cache_folder()}));
  FL_TRY(restore_checkpoint(*checkpoint, options.run / kCheckpointFile, **training));
  return training;
}

std::string limit_sentence(const RunCurvature& found, const Training& training) {
  const std::string optimizer = optimizer_info(training.spec().optimizer.kind).label;
  if (!found.limit) return fmt::format("No limit is known for {}.", optimizer);
  const std::string limit = fmt::format("{} at a rate of {} bears {}", optimizer, rate_text(training.rate()),
                                        number_text(found.limit->sharpness));
  if (!found.sharpness) return limit + " of what it has not divided yet.";
  return fmt::format("{}{}; it is {}.", limit,
                     found.limit->preconditioned ? ", of the Hessian divided as its steps are" : "",
                     number_text(*found.sharpness));
}

void print_curvature(const RunCurvature& found, const Training& training) {
  fmt::print("{}: step {} of {}, over {}\n", training.spec().title, found.step, training.total_steps(),
             counted(found.images, "training image"));
  fmt::print("Largest curvatures of the loss:");
  for (const double value : found.values) fmt::print(" {}", number_text(value));
  fmt::print(", each to within {}\n", number_text(found.error));
  fmt::print("Along the gradients of batches of {}: {}\n",
             std::min(found.images, static_cast<std::size_t>(training.spec().batch_size)),
             number_text(found.batch_sharpness));
  fmt::print("{}\n", limit_sentence(found, training));
}

}  // namespace

Result<void> run_curvature(const CurvatureOptions& options) {
  FL_TRY_LET(training, open_run(options));
  FL_TRY_LET(found, measure_curvature(**training, options.spec));
  if (options.json == "-") {
    fmt::print("{}", found->json());
    return {};
  }
  print_curvature(*found, **training);
  if (!options.json.empty()) FL_TRY(write_file_atomic(options.json, found->json()));
  return {};
}

}  // namespace fl
