#pragma once
// What is kept of a training that cannot go on, because the graphics device, the memory or a part of this
// program failed: its run folder, or, where the weights are gone with their device, its history.

#include <exception>
#include <string>

#include "engine/app/scene_file.h"
#include "trainer/base/result.h"
#include "trainer/subjects/subject.h"

namespace fl {

// Saves in out/NAME-saved, or, where that is taken, out/NAME-saved-2 and so on. Half a sentence: "the run is
// saved in
// ..." or why it is not. Never throws. No thread uses the training any more.
std::string rescue_run(Subject& subject, const SceneFile& scene) noexcept;

// The whole sentence: what happened, what rescue_run() said, what to do.
Error lost_run(const std::exception& failure, const std::string& rescued);

}  // namespace fl
