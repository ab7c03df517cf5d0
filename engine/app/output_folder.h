#pragma once
// A folder for results, made before the work so that a bad place shows at once. Where the work then fails
// before anything is saved, what was made for it goes again: a mistake leaves nothing behind.

#include <filesystem>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

class OutputFolder {
 public:
  // Makes `path` and its missing parents; none for an empty path. Errors: as make_folder.
  static Result<OutputFolder> make(const std::filesystem::path& path);

  OutputFolder(OutputFolder&&) = default;
  OutputFolder& operator=(OutputFolder&&) = delete;
  // Removes those folders that were not there before and are still empty.
  ~OutputFolder();

 private:
  OutputFolder() = default;
  std::vector<std::filesystem::path> made_;  // the innermost first
};

}  // namespace fl
