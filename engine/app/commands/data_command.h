#pragma once
// fallline data: the images of a scene as the network sees them, for a person to look at, or as a Teachable
// Machine project.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct DataOptions {
  std::string scene;
  std::vector<std::string> overrides;
  int phantoms = 0;           // of each class instead of the scene's data; 0: the scene's
  std::filesystem::path out;  // a folder, or NAME.tm
  bool replace = false;       // the project that is there
};

// Into a folder: a subfolder of PNG files for each class (so that the folder opens as data again), and
// sheet.png with all classes. Into NAME.tm: a project with the scene's training settings.
Result<void> run_data(const DataOptions& options);

}  // namespace fl
