#include "trainer/data/folder.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxFiles = 1'000'000;

// What decode_image reads, under the names that files of these formats go by.
constexpr std::array<std::string_view, 9> kImageEndings = {".jpg",  ".jpeg", ".jfif", ".png", ".webp",
                                                           ".gif", ".bmp",  ".tif",  ".tiff"};

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

// The entries that `wanted` keeps, sorted: the order of a directory is the file system's own business, and
// the order of images is part of what a seed means. `Iterator`: a directory_iterator, recursive or not.
template <typename Iterator, typename Wanted>
Result<std::vector<fs::path>> list(const fs::path& folder, Wanted wanted) {
  std::vector<fs::path> found;
  std::error_code code;
  Iterator entry(folder, code);
  for (; !code && entry != Iterator(); entry.increment(code)) {
    const bool hidden = is_hidden(entry->path());
    if constexpr (std::is_same_v<Iterator, fs::recursive_directory_iterator>)
      if (hidden) entry.disable_recursion_pending();
    if (hidden || !wanted(*entry)) continue;
    if (found.size() == kMaxFiles)
      return error("{} holds more than {} entries; choose a smaller folder.", printable(folder.string()),
                   kMaxFiles);
    found.push_back(entry->path());
  }
  if (code) return error("Cannot list the folder {}: {}.", printable(folder.string()), code.message());
  std::sort(found.begin(), found.end());
  return found;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code code;
  return entry.is_directory(code);
}

bool is_image_file(const fs::directory_entry& entry) {
  std::error_code code;
  return is_image_name(entry.path()) && entry.is_regular_file(code);
}

}  // namespace

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return extension;
}

bool is_image_name(const fs::path& path) {
  return !is_hidden(path) && std::ranges::find(kImageEndings, lower_extension(path)) != kImageEndings.end();
}

Result<std::vector<fs::path>> list_image_files(const fs::path& folder) {
  return list<fs::recursive_directory_iterator>(folder, is_image_file);
}

Result<FolderListing> list_image_folder(const fs::path& folder) {
  const auto subfolders = list<fs::directory_iterator>(folder, is_folder);
  if (!subfolders) return subfolders.error();
  if (subfolders->empty())
    return error(
        "The folder {} has no subfolders; make one for each class and put its JPEG or PNG images there.",
        printable(folder.string()));
  FolderListing listing;
  for (const fs::path& subfolder : *subfolders) {
    const auto files = list<fs::directory_iterator>(subfolder, is_image_file);
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
