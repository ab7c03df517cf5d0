#pragma once
// From an opened scene to what both sides need: what is run, and how and under which names it is shown.

#include <memory>
#include <optional>

#include "engine/app/scene_file.h"
#include "engine/app/shared_ring.h"
#include "engine/stage/stage.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/subjects/subject.h"

namespace fl {

struct Lesson {
  std::unique_ptr<Subject> subject;
  StageTexts texts;
  std::string device;      // what computes it
  std::string scene_text;  // the scene as it runs: SceneFile::text
  ViewState view;          // as the scene asks for it
  SharedRing shared = {};  // between it and its pictures; empty: whoever shows it opens one
};

// Whether the threads can be had that training and drawing start at most. Software renderers wait for ever
// for those that the system refuses them, so this comes before any of them. `training`: threads of the
// training, 0 for one a core. Error: how many there were, what to do.
Result<void> check_drawing_threads(int training);
// How many the scene asks for.
int training_threads(const SceneFile& scene);

// A training, or descents on a surface of two parameters. `options`: as open_training's. Errors: one
// sentence; load_cancelled().
Result<Lesson> open_lesson(const SceneFile& scene, const BackendChoice& backend, const LoadWatch& watch = {},
                           const LoadOptions& options = {});

// Steps a second for somebody who watches: what the scene says, or what makes it last about 45 seconds.
double watching_pace(const ViewSpec& spec, std::int64_t total_steps);

}  // namespace fl
