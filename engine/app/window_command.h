#pragma once
// fallline [SCENE]: the window. Training runs on its own thread; this one turns input into commands and the
// newest frame of the ring into a picture.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/compute/backend_choice.h"
#include "trainer/base/result.h"

namespace fl {

struct WindowOptions {
  std::string scene;  // empty: phantoms
  std::vector<std::string> overrides;
  std::filesystem::path out;  // where run and session are saved when the window closes; empty: nowhere
  bool replace = false;       // an earlier run that is there
  std::string device;
  BackendChoice backend;
};

// Returns when the window is closed. Errors: no display, no device, a scene that does not open.
Result<void> run_window(const WindowOptions& options);

}  // namespace fl
