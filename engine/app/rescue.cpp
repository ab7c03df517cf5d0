#include "engine/app/rescue.h"

#include <filesystem>

#include "engine/app/commands/output_folder.h"
#include "engine/vk/check.h"
#include "trainer/base/failure_text.h"
#include "trainer/files/race_folder.h"
#include "trainer/files/run_folder.h"
#include "trainer/subjects/race/race.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Empty where the session was driven in lockstep: then its scene alone says all.
std::string text_of(const Session& session, const std::string& weights = {}) {
  SessionFile file = session.file();
  file.weights = weights;
  return file.events.empty() ? std::string() : session_text(file, kSceneFile);
}

Result<void> save_history(const fs::path& folder, const Training& training, const Session& session) {
  std::vector<RunFileBytes> files = {run_file_of(kSceneFile, session.scene()),
                                     run_file_of(kHistoryFile, training.history().csv())};
  if (const std::string text = text_of(session); !text.empty())
    files.push_back(run_file_of(kSessionFile, text));
  return write_run_files(folder, files);
}

std::string rescue(Training& training, Session& session, const fs::path& folder) {
  std::string lost;
  try {
    const auto saved = save_run(session, folder);
    if (saved) return fmt::format("the run is saved in {}", folder.string());
    lost = saved.error().message;
  } catch (const std::exception& e) {
    lost = failure_text(e);  // the weights lie on a device that does not answer, or do not fit
  }
  const auto saved = save_history(folder, training, session);
  if (!saved) return fmt::format("the run could not be saved ({})", saved.error().message);
  return fmt::format("the run's history is saved in {}, but its weights are lost ({})", folder.string(),
                     lost);
}

}  // namespace

Result<void> save_run(Session& session, const fs::path& folder) {
  if (Training* training = session.subject().training())
    return write_run_folder(folder, *training, training->report(), session.scene(),
                            text_of(session, weights_checksum(*training)));
  if (Race* race = session.subject().race()) {
    std::vector<Training*> raced;
    for (std::size_t i = 0; i < race->size(); ++i) raced.push_back(&race->training_of(i));
    const auto saved = write_race_folder(folder, race->training_of(0).spec().title, race->spec(), raced,
                                         session.scene(), text_of(session));
    return saved ? Result<void>() : saved.error();
  }
  const RunFileBytes files[] = {run_file_of(kSceneFile, session.scene()),
                                run_file_of(kSessionFile, text_of(session))};
  return write_run_files(folder, files);
}

std::string rescue_run(Session& session, const std::string& name, const fs::path& folder) noexcept {
  try {
    Training* training = session.subject().training();
    const bool race = session.subject().race() != nullptr;
    if (training == nullptr && !race) return "there was nothing to save";
    // An earlier run's folder is never written into.
    const fs::path place = folder.empty() ? free_folder(fs::path("out") / (name + "-saved")) : folder;
    if (!race) return rescue(*training, session, place);
    const auto saved = save_run(session, place);
    return saved ? fmt::format("the race is saved in {}", place.string())
                 : fmt::format("the race could not be saved ({})", saved.error().message);
  } catch (const std::exception& e) {
    return std::string("the run could not be saved: ") + failure_text(e);
  }
}

Error lost_run(const std::exception& failure, const std::string& rescued) {
  if (const auto* vulkan = dynamic_cast<const VulkanError*>(&failure);
      vulkan != nullptr && vulkan->device_lost()) {
    const auto [what, advice] = exhaustion_of(vulkan->result());
    return error("{}; {}; {}.", what, rescued, advice);
  }
  return error("{}; {}.", failure_text(failure), rescued);
}

}  // namespace fl
