#pragma once
// What draws pictures of a lesson without a window: instance, device, typeface, and the film they are for.

#include <memory>
#include <string>

#include "engine/app/studio/film.h"
#include "engine/vk/instance.h"

namespace fl {

class Darkroom {
 public:
  // `device`: as DeviceOptions::name. Errors: nothing here can draw. Throws VulkanError when memory runs out.
  static Result<Darkroom> open(const SceneFile& scene, Lesson lesson, const std::string& device,
                               const Film::Options& options);

  [[nodiscard]] Film& film() { return *film_; }

 private:
  Darkroom() = default;
  // In the order in which they need each other.
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<Font> font_;
  std::unique_ptr<Film> film_;
};

}  // namespace fl
