#include "trainer/run/run_folder.h"

#include "trainer/base/atomic_file.h"
#include "trainer/run/checkpoint.h"
#include "trainer/run/weights_file.h"

namespace fl {

Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text) {
  if (auto made = make_folder(folder); !made) return made;
  if (auto done = write_file_atomic(folder / kSceneFile, scene_text); !done) return done;
  if (auto done = write_file_atomic(folder / "history.csv", training.history().csv()); !done) return done;
  if (auto done = write_weights(folder / kWeightsFile, training, scene_text); !done) return done;
  if (auto done = write_file_atomic(folder / "report.json", report.json()); !done) return done;
  return write_checkpoint(folder / kCheckpointFile, training);
}

}  // namespace fl
