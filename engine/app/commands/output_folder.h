#pragma once
// A folder for results, made before the work so that a bad place shows at once. Where the work then fails
// before anything is saved, what was made for it goes again: a mistake leaves nothing behind.

#include <filesystem>
#include <vector>

#include "engine/app/commands/inputs.h"
#include "trainer/base/folder_lock.h"
#include "trainer/base/result.h"

namespace fl {

class OutputFolder {
 public:
  // Makes `path` and its missing parents; none for an empty path. Errors: as make_folder.
  static Result<OutputFolder> make(const std::filesystem::path& path);
  // The same, and keeps it from every other process that wants the same, as long as this object lives. Errors: also
  // that another one has it.
  static Result<OutputFolder> make_own(const std::filesystem::path& path);

  OutputFolder(OutputFolder&&) = default;
  OutputFolder& operator=(OutputFolder&&) = delete;
  // Removes those folders that were not there before and are still empty.
  ~OutputFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  OutputFolder() = default;
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // the innermost first
  FolderLock lock_;
};

// Whether a name that is to be a folder's looks like that of a file, and no folder has it: "film.avi", not
// "v1.2".
bool names_a_file(const std::filesystem::path& path);
// PATH, else PATH-2, PATH-3 and so on: the first that is not there, or is an empty folder.
std::filesystem::path free_folder(const std::filesystem::path& path);

struct RunPlace {
  std::filesystem::path out;     // what --out says; empty: `usual`, or the first free name after it
  std::filesystem::path usual;
  std::filesystem::path resumed;  // the run that goes on; empty: none
  bool replace = false;          // an earlier run may be there; `inputs` never
};

// Makes and locks the folder of a run. Errors: it lies among the images, it is not empty, another training has it.
Result<OutputFolder> make_run_folder(const RunPlace& place, const Inputs& inputs);

// Whether both are there and are one folder, however spelt.
bool same_folder(const std::filesystem::path& a, const std::filesystem::path& b);

// Frames of a film in `folder`, which need not be there. What a killed film left half written goes.
std::vector<std::filesystem::path> frames_in(const std::filesystem::path& folder);
std::string frame_name(std::int64_t frame);  // from 1

}  // namespace fl
