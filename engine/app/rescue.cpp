#include "engine/app/rescue.h"

#include <filesystem>
#include <new>

#include "engine/vk/check.h"
#include "trainer/base/atomic_file.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/training.h"

namespace fl {
namespace {

// An earlier run's folder is never written into.
std::filesystem::path free_folder(const std::string& name) {
  const std::filesystem::path first = std::filesystem::path("out") / (name + "-saved");
  std::filesystem::path folder = first;
  for (int n = 2; std::filesystem::exists(folder); ++n) {
    folder = first;
    folder += fmt::format("-{}", n);
  }
  return folder;
}

Result<void> save_history(const std::filesystem::path& folder, const Training& training,
                          const SceneFile& scene) {
  if (auto made = make_folder(folder); !made) return made;
  if (auto done = write_file_atomic(folder / "scene.toml", scene.text(training.spec())); !done) return done;
  return write_file_atomic(folder / "history.csv", training.history().csv());
}

std::string rescue(Training& training, const SceneFile& scene) {
  const std::filesystem::path folder = free_folder(scene.name);
  std::string lost;
  try {
    const auto saved = write_run_folder(folder, training, training.report(), scene.text(training.spec()));
    if (saved) return fmt::format("the run is saved in {}", folder.string());
    lost = saved.error().message;
  } catch (const std::exception& e) {
    lost = e.what();  // the weights lie on a device that does not answer, or do not fit
  }
  const auto saved = save_history(folder, training, scene);
  if (!saved) return fmt::format("the run could not be saved ({})", saved.error().message);
  return fmt::format("the run's history is saved in {}, its weights are not ({})", folder.string(), lost);
}

}  // namespace

std::string rescue_run(Subject& subject, const SceneFile& scene) noexcept {
  try {
    Training* training = subject.training();
    return training != nullptr ? rescue(*training, scene) : "there was nothing to save";
  } catch (const std::exception& e) {
    return std::string("the run could not be saved: ") + e.what();
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
  if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr)
    return error("There is not enough memory; {}; use fewer images, smaller ones, or a smaller picture.",
                 rescued);
  return error("{}; {}.", failure.what(), rescued);
}

}  // namespace fl
