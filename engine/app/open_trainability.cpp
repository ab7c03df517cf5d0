#include "engine/app/open_trainability.h"

namespace fl {

Result<std::unique_ptr<Trainability>> open_trainability(const SceneFile& scene, const BackendChoice& choice,
                                                        std::string& device) {
  const TrainabilitySpec& spec = *scene.trainability;
  FL_TRY_LET(backend, make_backend(choice, spec.threads));
  FL_TRY_LET(runs, (*backend)->rate_runs(make_rate_task(spec.seed, spec.steps)));
  device = (*backend)->device();
  return std::make_unique<Trainability>(spec, *std::move(runs));
}

}  // namespace fl
