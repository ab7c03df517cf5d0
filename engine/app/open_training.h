#pragma once
// From an opened scene to its training, for whoever draws it and for whoever does not.

#include <memory>
#include <string>

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

// For whoever gives commands.
inline constexpr const char* kForStrangeImages =
    "set network.backbone to a Teachable Machine export, or to none to train from scratch";
// What a person should hear of images that the training's backbone cannot know, half a sentence; the other
// half says what to do. Empty: nothing. It looks at some of the images again, and only where they are files.
[[nodiscard]] std::string strange_images(const Training& training);

}  // namespace fl
