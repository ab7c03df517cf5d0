#include "trainer/data/files/folder.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxFiles = 1'000'000;
constexpr int kMaxDepth = 64;

// What decode_image reads, under the names that files of these formats go by.
constexpr std::array<std::string_view, 9> kImageEndings = {".jpg", ".jpeg", ".jfif", ".png", ".webp",
                                                           ".gif", ".bmp",  ".tif",  ".tiff"};

// In small letters.
constexpr std::array<std::string_view, 12> kLeftovers = {
    "__macosx",    ".ds_store", "@eadir",   "thumbs.db",    "ehthumbs.db",
    "desktop.ini", "icon\r",    "@recycle", "$recycle.bin", "system volume information",
    "#recycle",    "lost+found"};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

template <typename Test>
bool any_part(std::string_view path, Test test) {
  while (!path.empty()) {
    const auto end = path.find_first_of("/\\");
    if (test(path.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
  return false;
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

// The order of a directory is the file system's own business, and the order of images is part of what a seed
// means.
Result<std::vector<fs::directory_entry>> sorted_entries(const fs::path& folder, const LoadWatch& watch) {
  std::vector<fs::directory_entry> found;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    if (watch.stop.stop_requested()) return load_cancelled();
    if (is_passed_over(entry->path().filename().string())) continue;
    if (found.size() == kMaxFiles)
      return error("{} holds more than {} entries; choose a smaller folder.", printable(folder.string()),
                   kMaxFiles);
    found.push_back(*entry);
  }
  if (code) return error("Cannot list the folder {} ({}); check its permissions.", printable(folder.string()), code.message());
  std::ranges::sort(found, {}, [](const fs::directory_entry& e) { return e.path().filename().string(); });
  return found;
}

bool lies_within(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

class Lister {
 public:
  Lister(const fs::path& root, const LoadWatch& watch)
      : root_(root), true_root_(fs::canonical(root, ignored_)), watch_(watch) {}

  Result<void> list(const fs::path& inside, int depth) {
    if (depth > kMaxDepth)
      return error("{} holds folders nested more than {} levels deep; choose a smaller folder.",
                   printable(root_.string()), kMaxDepth);
    FL_TRY_LET(entries, sorted_entries(root_ / inside, watch_));
    for (const fs::directory_entry& entry : *entries) {
      if (!watch_.go_on(LoadPhase::kListing, contents.files.size())) return load_cancelled();
      if (auto listed = visit(entry, inside / entry.path().filename(), depth); !listed) return listed;
    }
    return {};
  }

  FolderContents contents;

 private:
  Result<void> visit(const fs::directory_entry& entry, const fs::path& inside, int depth) {
    const bool folder = entry.is_directory(ignored_), link = entry.is_symlink(ignored_);
    if (link) {
      const fs::path target = fs::canonical(entry.path(), ignored_);
      if (folder && (depth > 0 || lies_within(true_root_, target))) {
        ++contents.unfollowed_links;
        return {};
      }
      if (!target.empty() && !lies_within(target, true_root_)) ++contents.outside_links;
    }
    if (folder) contents.folders.push_back(inside);
    if (folder) return list(inside, depth + 1);
    if (contents.files.size() == kMaxFiles)
      return error("{} holds more than {} files; choose a smaller folder.", printable(root_.string()),
                   kMaxFiles);
    contents.files.push_back(inside);
    return {};
  }

  std::error_code ignored_;
  fs::path root_, true_root_;
  const LoadWatch& watch_;
};

}  // namespace

bool is_system_leftover(std::string_view path) {
  return any_part(path, [](std::string_view part) {
    return part.starts_with("._") || std::ranges::find(kLeftovers, lower(part)) != kLeftovers.end();
  });
}

bool is_passed_over(std::string_view path) {
  return any_part(path, [](std::string_view part) { return part.starts_with('.'); }) ||
         is_system_leftover(path);
}

std::string lower_extension(const fs::path& path) {
  return lower(path.extension().string());
}

bool is_image_name(const fs::path& path) {
  return !is_hidden(path) && std::ranges::find(kImageEndings, lower_extension(path)) != kImageEndings.end();
}

Result<FolderContents> list_folder(const fs::path& folder, const LoadWatch& watch) {
  Lister lister(folder, watch);
  FL_TRY(lister.list({}, 0));
  return std::move(lister.contents);
}

}  // namespace fl
