#pragma once
// From an opened scene to what both sides need: the training, and how and under which names it is shown.

#include <memory>

#include "engine/app/scene_file.h"
#include "engine/view/stage.h"
#include "trainer/backend/backend_choice.h"
#include "trainer/run/training.h"

namespace fl {

// Reads the scene's data and prepares its training. Errors: one sentence.
Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& backend);

// The names the stage shows for this training; `layer_names` as FrameWriter orders them.
StageTexts stage_texts(const Training& training, const std::vector<std::string>& layer_names);

// Camera, theme and height as the scene asks for them.
StageView stage_view(const ViewSpec& spec);

// Steps a second for somebody who watches: what the scene says, or what makes it last about 45 seconds.
double watching_pace(const ViewSpec& spec, std::int64_t total_steps);

}  // namespace fl
