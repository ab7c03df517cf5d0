#pragma once
// From an opened scene to its training, for whoever draws it and for whoever does not.

#include <memory>

#include "engine/app/loading/loaded_sets.h"
#include "engine/app/scene_file.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/data/load_watch.h"
#include "trainer/subjects/training.h"

namespace fl {

// Reads the scene's data and prepares its training. `options`: all but where the images are listed, which the
// scene knows. `sets`: where the data may have been read before; null: nowhere. `backend`: one that is there
// already, in place of that of `choice`. Errors: one sentence; load_cancelled().
Result<std::unique_ptr<Training>> open_training(const SceneFile& scene, const BackendChoice& choice,
                                                const LoadWatch& watch = {}, LoadOptions options = {},
                                                LoadedSets* sets = nullptr,
                                                std::shared_ptr<Backend> backend = {});

// Whether the training's images are something that its backbone cannot know: files that do not look like head
// CT before the program's own backbone. It looks at some of them again.
[[nodiscard]] bool strange_images(const Training& training);
// What to say then: to whoever gives commands, and in the window, where a large hall sees the beginning
// alone.
inline constexpr const char* kStrangeImages =
    "These images do not look like head CT, and this backbone knows nothing else; set network.backbone to a "
    "Teachable Machine export, or to none to train from scratch.";
inline constexpr const char* kStrangeImagesInWindow =
    "Not head CT? Press B to train from scratch, or set network.backbone to a Teachable Machine export: this "
    "backbone knows head CT alone.";

}  // namespace fl
