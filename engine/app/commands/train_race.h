#pragma once
// "fallline train" of a race: trains its runs in turns and leaves a folder with a table and each run's own.

#include "engine/app/commands/train_command.h"
#include "engine/app/scene_file.h"

namespace fl {

// `scene` is a race, opened with `options`. Errors: as run_train.
Result<void> run_train_race(const TrainOptions& options, const SceneFile& scene);

}  // namespace fl
