#include "engine/app/rescue.h"

#include <filesystem>

#include "engine/app/commands/output_folder.h"
#include "engine/vk/check.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/failure_text.h"
#include "trainer/files/run_folder.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

Result<void> save_history(const std::filesystem::path& folder, const Training& training,
                          const std::string& scene_text) {
  if (auto made = make_folder(folder); !made) return made;
  if (auto done = write_file_atomic(folder / "scene.toml", scene_text); !done) return done;
  return write_file_atomic(folder / "history.csv", training.history().csv());
}

std::string rescue(Training& training, const std::string& scene_text, const std::string& name) {
  // An earlier run's folder is never written into.
  const std::filesystem::path folder = free_folder(std::filesystem::path("out") / (name + "-saved"));
  std::string lost;
  try {
    const auto saved = write_run_folder(folder, training, training.report(), scene_text);
    if (saved) return fmt::format("the run is saved in {}", folder.string());
    lost = saved.error().message;
  } catch (const std::exception& e) {
    lost = failure_text(e);  // the weights lie on a device that does not answer, or do not fit
  }
  const auto saved = save_history(folder, training, scene_text);
  if (!saved) return fmt::format("the run could not be saved ({})", saved.error().message);
  return fmt::format("the run's history is saved in {}, but its weights are lost ({})", folder.string(), lost);
}

}  // namespace

std::string rescue_run(Session& session, const std::string& name) noexcept {
  try {
    Training* training = session.subject().training();
    return training != nullptr ? rescue(*training, session.scene(), name) : "there was nothing to save";
  } catch (const std::exception& e) {
    return std::string("the run could not be saved: ") + failure_text(e);
  }
}

Error lost_run(const std::exception& failure, const std::string& rescued) {
  const auto* vulkan = dynamic_cast<const VulkanError*>(&failure);
  if (vulkan != nullptr && vulkan->device_lost())
    return error(
        "The graphics device was lost (VK_ERROR_DEVICE_LOST); {}; start it again, or draw on another device "
        "with "
        "--device.",
        rescued);
  return error("{}; {}.", failure_text(failure), rescued);
}

}  // namespace fl
