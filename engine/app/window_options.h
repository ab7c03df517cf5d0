#pragma once
// What the command line asks of the window; without a header of the engine, because the program reads it.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/compute/backend_choice.h"

namespace fl {

struct WindowOptions {
  std::string scene;  // empty: phantoms
  std::vector<std::string> overrides;
  std::filesystem::path out;  // where run and session are saved when the window closes; empty: nowhere
  bool replace = false;       // an earlier run that is there
  bool notes_window = false;  // the lecturer's notes in a window of their own, also on a single display
  std::string device;
  BackendChoice backend;
};

}  // namespace fl
