#pragma once
// Makes a lesson of a scene: the subject that is run, and the view and names that it is shown with.

#include <memory>
#include <optional>

#include "engine/app/scene_file.h"
#include "engine/app/shared_ring.h"
#include "engine/app/sweep_map/cell_place.h"
#include "engine/stage/stage.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/subjects/subject.h"

namespace fl {

struct Lesson {
  std::unique_ptr<Subject> subject;
  StageTexts texts;
  std::string device;           // what computes it
  std::string scene_text;       // the scene as it runs: SceneFile::text
  bool strange_images = false;  // strange_images() of it
  bool cells_stay = false;      // of a map: they lie in a folder
  ViewState view;               // as the scene asks for it
  SharedRing shared = {};       // between it and its pictures; empty: whoever shows it opens one
};

// Checks that the system grants as many threads as training and drawing start at most. To be called first:
// a software renderer waits for ever for a thread that it is refused. `training`: threads of the training, 0
// for one a core. Error: how many there were, what to do.
Result<void> check_drawing_threads(int training);
// How many the scene asks for.
int training_threads(const SceneFile& scene);

// A training, descents on a surface of two parameters, or a map. `options`: as open_training's. `cells`:
// where those of a map are kept. Errors: one sentence; load_cancelled().
Result<Lesson> open_lesson(const SceneFile& scene, const BackendChoice& backend, const LoadWatch& watch = {},
                           const LoadOptions& options = {}, const CellPlace& cells = {});

// Steps a second in the window: the scene's, or else what makes the run last about 45 seconds, and of phases
// what leaves time to read each.
double watching_pace(const ViewSpec& spec, const Subject& subject);

}  // namespace fl
