#pragma once
// fallline landscape: the loss surface around a lesson's path at its end, or around a run's that was saved,
// as a file for other programs. A picture of it (landscape_picture.h) is the engine's to draw.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"

namespace fl {

struct LandscapeOptions {
  std::string lesson;  // a scene, a project, images, or a run folder; empty: phantoms
  std::vector<std::string> overrides;
  int grid = 0;       // points a side; 0: as the scene says
  std::string plane;  // one of plane_directions(); empty: as the scene says
  std::filesystem::path out;
  bool replace = false;
  BackendChoice backend;
  // Of a picture.
  std::uint32_t width = 1280, height = 720;
  std::string device;
};

[[nodiscard]] bool is_picture(const LandscapeOptions& options);

// Into NAME.csv or NAME.vtp (trainer/files/landscape_file.h). Ctrl-C saves the surface as far as it is known.
Result<void> run_landscape(const LandscapeOptions& options);

}  // namespace fl
