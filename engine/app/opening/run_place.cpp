#include "engine/app/opening/run_place.h"

#include <utility>

#include "engine/app/commands/output_folder.h"
#include "trainer/base/threads.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {
namespace {

// A map that was left goes on where it is; several processes may fill it. Of one that was opened from its
// folder there is nothing to keep.
Result<HeldFolder> find_for_map(const RunPlace& place, const Inputs& inputs, const SceneFile& scene) {
  if (!scene.sweep_folder.empty()) return HeldFolder();
  const auto known = SweepFolder::join(place.usual);  // from a cell back to its map
  const bool same = known && known->plan() == *scene.sweep;
  const std::filesystem::path out = !place.out.empty() ? place.out
                                    : same             ? place.usual
                                                       : free_folder(place.usual);
  FL_TRY(inputs.check(out, "--out"));
  FL_TRY_LET(folder, OutputFolder::make(out));
  FL_TRY(SweepFolder::open(out, *scene.sweep, place.replace));
  const auto held = std::make_shared<const OutputFolder>(*std::move(folder));
  return HeldFolder(held, &held->path());
}

FindPlace find(const std::string& what, RunPlace place) {
  return [what, place = std::move(place)](const SceneFile& scene) -> Result<HeldFolder> {
    // One a core was asked for before there was a renderer.
    if (scene.run.threads > 0 && scene.trains()) FL_TRY(check_threads(scene.run.threads));
    if (place.out.empty() && place.usual.empty()) return HeldFolder();
    if (scene.sweep) return find_for_map(place, Inputs(what, scene), scene);
    FL_TRY_LET(folder, make_run_folder(place, Inputs(what, scene)));
    const auto held = std::make_shared<const OutputFolder>(*std::move(folder));
    return HeldFolder(held, &held->path());
  };
}

}  // namespace

FindPlace first_place(const std::string& what, const std::filesystem::path& out, bool replace) {
  return find(what, {.out = out, .usual = out, .resumed = {}, .replace = replace});
}

FindPlace next_place(const std::string& what, const std::filesystem::path& out) {
  return find(what, {.out = {}, .usual = out, .resumed = {}, .replace = false});
}

}  // namespace fl
