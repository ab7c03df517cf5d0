#pragma once
// From an opened scene to its training, for whoever draws it and for whoever does not.

#include <memory>

#include "engine/app/scene_file.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/data/load_watch.h"
#include "trainer/subjects/training.h"

namespace fl {

// Reads the scene's data and prepares its training. `options`: all but where the images are listed, which the
// scene knows. Errors: one sentence; load_cancelled().
Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& backend,
                                                const LoadWatch& watch = {}, LoadOptions options = {});

}  // namespace fl
