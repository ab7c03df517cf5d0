#pragma once
// What a command reads, so that it never writes there: one check for every command, before the work. Files are told
// apart by what they are, not by how they are spelt: links, "..", and a second name of the same file change nothing.

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/app/scene_file.h"
#include "trainer/base/result.h"

namespace fl {

class Inputs {
 public:
  Inputs() = default;
  // Of the scene that `argument` named: its own file, and its data.
  Inputs(const std::string& argument, const SceneFile& scene);

  // What that one reads, too.
  void add_scene(const std::string& argument, const SceneFile& scene);
  // `what` completes "... is": "what the images come from".
  void add_file(const std::filesystem::path& path, std::string what);
  // A folder of class folders: nothing is written into it, nor into the class folders that it has links to.
  void add_images(const std::filesystem::path& folder);
  // Every file of a run, whether it is there yet or not.
  void add_run(const std::filesystem::path& folder);

  // Whether `output`, a file or a folder, there or not, may be written. `option` is how the user names it: "--out".
  // Errors: it is one of the files, or lies among the images.
  [[nodiscard]] Result<void> check(const std::filesystem::path& output, std::string_view option) const;

 private:
  using Id = std::pair<std::uintmax_t, std::uintmax_t>;  // device and inode
  struct File {
    std::filesystem::path path;  // canonical
    std::optional<Id> id;        // none where there is nothing yet
    std::string what;
  };
  static std::optional<Id> id_of(const std::filesystem::path& path);

  std::vector<File> files_;
  std::map<Id, std::filesystem::path>
      folders_;  // of images and their subfolders: the canonical folder of the images
};

// -o FILE, which is somebody's work where it is there already: only `replace` takes its place. Errors: that, and a place
// that cannot be written.
Result<void> check_new_file(const std::filesystem::path& path, bool replace);

// --json FILE, of a report whose top level has `keys`: not an input, and where there is a file already, such a report:
// the same command may write its report anew. `maker`: "fallline train".
Result<void> check_report_place(const std::filesystem::path& path, const Inputs& inputs,
                                const std::vector<std::string>& keys, std::string_view maker);

}  // namespace fl
