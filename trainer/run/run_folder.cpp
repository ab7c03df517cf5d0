#include "trainer/run/run_folder.h"

#include "trainer/base/atomic_file.h"
#include "trainer/run/checkpoint.h"
#include "trainer/run/weights_file.h"

namespace fl {

Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text) {
  if (auto made = make_folder(folder); !made) return made;
  FileBatch files;
  if (auto done = files.add(folder / kSceneFile, scene_text); !done) return done;
  if (auto done = files.add(folder / "history.csv", training.history().csv()); !done) return done;
  if (auto done = files.add(folder / kWeightsFile, encode_safetensors(weights_of(training, scene_text))); !done)
    return done;
  if (auto done = files.add(folder / "report.json", report.json()); !done) return done;
  if (auto done = files.add(folder / kCheckpointFile, encode_safetensors(checkpoint_of(training))); !done) return done;
  return files.commit();
}

}  // namespace fl
