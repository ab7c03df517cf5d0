#pragma once
// What lies in a folder and in the folders inside it, and which of it is looked at: the same rules for
// folders and archives, for every command.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/load_watch.h"

namespace fl {

struct FolderContents {
  std::vector<std::filesystem::path> files;    // within the folder; sorted, folder by folder
  std::vector<std::filesystem::path> folders;  // the same; empty ones, too
  int outside_links = 0;                       // links that lead out of the folder; they are followed
  int unfollowed_links = 0;                    // links to folders, deeper inside or back to the folder itself
};

// Everything in `folder` but what is_passed_over names. A link to a folder is followed where it lies directly
// in `folder`, as a class may. Errors: not a readable folder, too many files, folders nested too deeply;
// load_cancelled().
Result<FolderContents> list_folder(const std::filesystem::path& folder, const LoadWatch& watch = {});

// Whether `path`, of folders parted by / or \, leads to what operating systems and storage boxes leave beside
// a person's files: __MACOSX, ._*, .DS_Store, @eaDir, Thumbs.db, desktop.ini and the like.
bool is_system_leftover(std::string_view path);
// The same, or hidden: any part begins with a dot.
bool is_passed_over(std::string_view path);

// Whether its ending is that of an image format that is read, in letters of any case, and it is not hidden.
bool is_image_name(const std::filesystem::path& path);
// ".PNG" as ".png".
std::string lower_extension(const std::filesystem::path& path);

}  // namespace fl
