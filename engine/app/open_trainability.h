#pragma once
// From an opened scene to its map of learning rates, for whoever draws it and for whoever does not.

#include <memory>

#include "engine/app/scene_file.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/subjects/trainability/trainability.h"

namespace fl {

// Precondition: the scene has one. `device`: what computes it. Errors: as make_backend.
Result<std::unique_ptr<Trainability>> open_trainability(const SceneFile& scene, const BackendChoice& choice,
                                                        std::string& device);

}  // namespace fl
