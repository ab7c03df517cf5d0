#include "engine/app/open_race.h"

#include <utility>

#include "engine/app/open_training.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

// One run of it alone. Errors: none that parse_race_spec has not seen.
Result<SceneFile> scene_of_lane(const SceneFile& scene, std::size_t run) {
  SceneFile own = scene;
  own.race.reset();
  FL_TRY_LET(table, scene_of_run(scene.table, *scene.race, run));
  own.table = *std::move(table);
  RunSpec defaults;
  defaults.title = scene.run.title;
  FL_TRY_LET(spec, parse_run_spec(own.table, defaults));
  own.run = *std::move(spec);
  // As they were opened: what these say is for all runs.
  own.run.data = scene.run.data;
  own.run.backbone = scene.run.backbone;
  return own;
}

}  // namespace

Result<std::vector<RaceRun>> open_race_runs(const SceneFile& scene, const BackendChoice& backend,
                                            const LoadWatch& watch, const LoadOptions& options) {
  const RaceSpec& race = *scene.race;
  LoadedSets sets;
  std::vector<RaceRun> runs;
  for (std::size_t run = 0; run < race.values.size(); ++run) {
    FL_TRY_LET(own, scene_of_lane(scene, run));
    auto training = open_training(*own, backend, watch, options, &sets);
    const auto called = [&](const Error& e) {
      return e.cancelled ? e : error("{} = {}: {}", race.key, run_value(race, run), e.message);
    };
    if (!training) return called(training.error());
    if (const auto start = start_of(race, run))
      if (auto begun = (*training)->reset(*start); !begun) return called(begun.error());
    if (runs.empty()) {
      const Dataset& data = (*training)->data();
      const double bytes = static_cast<double>(data.size()) * static_cast<double>(data.shape.floats()) *
                           sizeof(float) * static_cast<double>(race.values.size());
      if (bytes > static_cast<double>(kMostRaceBytes))
        return error(
            "{}: {} runs would keep {:.0f} GB of images, which each has for itself, and a race may keep {} "
            "GB; race fewer runs, or over fewer or smaller images.",
            scene.run.title, race.values.size(), bytes / 1e9, kMostRaceBytes / 1000000000);
    }
    runs.push_back({run_name(race, run), *std::move(training)});
  }
  return runs;
}

Result<std::unique_ptr<Race>> open_race(const SceneFile& scene, const BackendChoice& backend,
                                        const LoadWatch& watch, const LoadOptions& options) {
  FL_TRY_LET(runs, open_race_runs(scene, backend, watch, options));
  auto race = Race::create(*scene.race, *std::move(runs), [&watch](std::size_t done, std::size_t all) {
    return watch.go_on(all > 0 ? LoadPhase::kRehearsal : LoadPhase::kNetwork, done, all);
  });
  if (!race) return load_cancelled();
  return race;
}

}  // namespace fl
