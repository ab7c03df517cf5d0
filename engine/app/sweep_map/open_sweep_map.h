#pragma once
// From an opened scene to the map of its sweep.

#include <memory>

#include "engine/app/scene_file.h"
#include "engine/app/sweep_map/cell_place.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/data/load_watch.h"
#include "trainer/subjects/sweep_map/sweep_map.h"

namespace fl {

// Precondition: the scene has a sweep. Its results come from the scene's folder; else they are trained here,
// and kept at `place`. `device`: what trains. Errors: that the lesson cannot be trained, and what the disk
// says.
Result<std::unique_ptr<SweepMap>> open_sweep_map(const SceneFile& scene, const BackendChoice& choice,
                                                 const LoadWatch& watch, const CellPlace& place,
                                                 std::string& device);

}  // namespace fl
