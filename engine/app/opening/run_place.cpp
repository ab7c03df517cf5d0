#include "engine/app/opening/run_place.h"

#include <utility>

#include "engine/app/commands/output_folder.h"
#include "trainer/base/threads.h"

namespace fl {
namespace {

FindPlace find(const std::string& what, RunPlace place) {
  return [what, place = std::move(place)](const SceneFile& scene) -> Result<HeldFolder> {
    // One a core was asked for before there was a renderer.
    if (scene.run.threads > 0 && scene.trains()) FL_TRY(check_threads(scene.run.threads));
    if (place.out.empty() && place.usual.empty()) return HeldFolder();
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
