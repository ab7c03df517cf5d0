#pragma once
// A folder whose subfolders are the classes: the simplest way to bring images of one's own.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct FolderImage {
  int class_index = 0;
  std::filesystem::path path;
  std::string name;  // "class/file", for reports
};

struct FolderListing {
  std::vector<std::string> classes;  // subfolder names, sorted byte by byte
  std::vector<FolderImage> images;   // class by class, sorted by file name
};

// Lists the image files (is_image_name) of each subfolder; hidden ones and other files are passed over.
// Errors: not a readable folder, no subfolders, too many files.
Result<FolderListing> list_image_folder(const std::filesystem::path& folder);

// The image files of `folder` and of the folders in it, sorted, without hidden ones; links to folders are not
// followed. Errors: cannot be listed, too many files.
Result<std::vector<std::filesystem::path>> list_image_files(const std::filesystem::path& folder);

// Whether its ending is that of an image format that is read, in letters of any case, and it is not hidden.
bool is_image_name(const std::filesystem::path& path);
// ".PNG" as ".png".
std::string lower_extension(const std::filesystem::path& path);

}  // namespace fl
