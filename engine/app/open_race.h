#pragma once
// From an opened scene of a race to its trainings, for whoever draws them and for whoever does not.

#include <memory>
#include <vector>

#include "engine/app/scene_file.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/data/load_watch.h"
#include "trainer/subjects/race/race.h"

namespace fl {

// Reads the images once and prepares all trainings. Precondition: the scene has a race. Errors: as
// open_training, with the run's value; more memory than kMostRaceBytes.
inline constexpr std::size_t kMostRaceBytes = 8'000'000'000;
Result<std::vector<RaceRun>> open_race_runs(const SceneFile& scene, const BackendChoice& backend,
                                            const LoadWatch& watch = {}, const LoadOptions& options = {});

// The same as a subject, rehearsed where the scene says so.
Result<std::unique_ptr<Race>> open_race(const SceneFile& scene, const BackendChoice& backend,
                                        const LoadWatch& watch = {}, const LoadOptions& options = {});

}  // namespace fl
