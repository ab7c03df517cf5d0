#include "trainer/data/folder.h"

#include <algorithm>

#include "trainer/data/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxFiles = 1'000'000;

bool has_image_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

// The entries that `wanted` keeps, sorted: the order of a directory is the file system's own business, and
// the order of images is part of what a seed means.
template <typename Wanted>
Result<std::vector<fs::path>> list(const fs::path& folder, Wanted wanted) {
  std::vector<fs::path> found;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    if (entry->path().filename().string().starts_with('.') || !wanted(*entry)) continue;
    if (found.size() == kMaxFiles)
      return error("{} holds more than {} entries; choose a smaller folder.", printable(folder.string()),
                   kMaxFiles);
    found.push_back(entry->path());
  }
  if (code) return error("Cannot list the folder {}: {}.", printable(folder.string()), code.message());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Result<FolderListing> list_image_folder(const fs::path& folder) {
  const auto subfolders = list(folder, [](const fs::directory_entry& entry) {
    std::error_code code;
    return entry.is_directory(code);
  });
  if (!subfolders) return subfolders.error();
  if (subfolders->empty())
    return error(
        "The folder {} has no subfolders; make one for each class and put its JPEG or PNG images there.",
        printable(folder.string()));
  FolderListing listing;
  for (const fs::path& subfolder : *subfolders) {
    const auto files = list(subfolder, [](const fs::directory_entry& entry) {
      std::error_code code;
      return has_image_extension(entry.path()) && entry.is_regular_file(code);
    });
    if (!files) return files.error();
    const std::string class_name = printable(subfolder.filename().string());
    const int class_index = static_cast<int>(listing.classes.size());
    listing.classes.push_back(class_name);
    for (const fs::path& file : *files)
      listing.images.push_back({class_index, file, class_name + "/" + printable(file.filename().string())});
    if (listing.images.size() > kMaxFiles)
      return error("{} holds more than {} images; choose a smaller folder.", printable(folder.string()),
                   kMaxFiles);
  }
  return listing;
}

}  // namespace fl
