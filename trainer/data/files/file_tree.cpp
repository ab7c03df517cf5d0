#include "trainer/data/files/file_tree.h"

#include <algorithm>
#include <array>

#include "trainer/base/atomic_file.h"
#include "trainer/base/find_path.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Copies that programs leave beside an image: to read these too would be to have it twice.
bool is_copy(const std::string& path) {
  constexpr std::array<std::string_view, 8> kEnds = {"~",    ".bak",  "_original",   ".orig",
                                                     ".tmp", ".part", ".crdownload", ".download"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return path.ends_with(end); });
}

std::string some_files(const std::string& ending, int count) {
  const auto number = static_cast<std::size_t>(count);
  if (ending == kOwnPicture) return counted(number, "picture") + " drawn by Fall Line";
  if (ending.empty()) return counted(number, "file") + " without an extension";
  return counted(number, ending.starts_with('.') ? printable(ending, 40) + " file" : ending);
}

Error not_a_tree(const std::string& name, const FileKind& kind) {
  const std::string_view cure = cure_for(kind);
  return error("{} is {}, {}; {}.", name, kind.name.empty() ? "an unknown kind of file" : kind.name,
               "not a Teachable Machine project, a ZIP archive or a folder of class folders",
               cure.empty() ? "choose one of those" : cure);
}

}  // namespace

int total(const EndingCounts& counts) {
  int files = 0;
  for (const auto& [ending, count] : counts) files += count;
  return files;
}

std::string describe(const EndingCounts& counts) {
  constexpr std::size_t kMost = 6;
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [ending, count] : counts) order.emplace_back(-count, ending);
  std::ranges::sort(order);
  std::string text;
  int rest = 0;
  for (std::size_t i = kMost; i < order.size(); ++i) rest -= order[i].first;
  const std::size_t shown = std::min(order.size(), kMost);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == shown && rest == 0;
    text += i == 0 ? "" : last ? " and " : ", ";
    text += some_files(order[i].second, -order[i].first);
  }
  if (rest > 0) text += fmt::format(" and {}", counted(static_cast<std::size_t>(rest), "other"));
  return text;
}

Result<FileTree> FileTree::open(const fs::path& path, const LoadWatch& watch) {
  const std::string name = printable(path.string());
  FL_TRY_LET(status, find_path(path, name, "file or folder", "check its name"));
  FileTree tree;
  tree.place_ = path;
  if (fs::is_directory(*status)) {
    FL_TRY_LET(contents, list_folder(path, watch));
    for (const fs::path& file : contents->files) tree.paths_.push_back(file.string());
    for (const fs::path& folder : contents->folders) tree.folders_.push_back(folder.string());
    if (contents->outside_links > 0)
      tree.notes_.push_back(
          contents->outside_links == 1
              ? fmt::format("1 link in {} leads outside it; the files there are used as well.", name)
              : fmt::format("{} links in {} lead outside it; the files there are used as well.", contents->outside_links,
                            name));
    if (contents->unfollowed_links > 0)
      tree.notes_.push_back(
          contents->unfollowed_links == 1
              ? fmt::format("1 link to a folder in {} was not followed; to use its images, copy the folder.", name)
              : fmt::format("{} links to folders in {} were not followed; to use their images, copy the folders.",
                            contents->unfollowed_links, name));
    return tree;
  }
  FL_TRY_LET(head, read_head(path));
  const FileKind kind = file_kind(*head);
  if (kind.group != FileKind::Group::kZip) return not_a_tree(name, kind);
  FL_TRY_LET(archive, ZipArchive::open(path, watch));
  for (const ZipEntry& entry : archive->entries()) tree.paths_.push_back(entry.name);
  if (!archive->note().empty()) tree.notes_.push_back(archive->note());
  tree.archive_ = *std::move(archive);
  return tree;
}

std::string FileTree::clean_path(std::size_t index) const {
  if (!is_archive()) return paths_[index];
  std::string path = paths_[index];
  std::ranges::replace(path, '\\', '/');
  std::string clean;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, end - at);
    if (part != "." && part != ".." && !part.empty()) clean += part + (end < path.size() ? "/" : "");
    at = end + 1;
  }
  return clean;
}

Result<std::vector<std::byte>> FileTree::read(std::size_t index) {
  if (!is_archive()) return read_file(place_ / paths_[index], kMaxImageFileBytes);
  auto bytes = archive_->read(index);
  if (bytes) return bytes;
  return error("{} cannot be unpacked ({}); replace it or leave it out.", printable(paths_[index], 1024),
               bytes.error().message);
}

bool FileTree::is_image(std::size_t index) {
  const std::string& path = paths_[index];
  if (is_image_name(fs::path(path).filename()))
    return lower_extension(path) != ".png" || kind_of(index).group != FileKind::Group::kOwnPicture;
  if (path.empty() || path.ends_with('/') || path.ends_with('\\') || is_copy(path)) return false;
  return kind_of(index).group == FileKind::Group::kImage;
}

std::string FileTree::ending(std::size_t index) {
  const std::string ending = lower_extension(clean_path(index));
  if (ending == ".png" && kind_of(index).group == FileKind::Group::kOwnPicture) return kOwnPicture;
  // DICOM files are often called by a number, 1.2.840.7, or have no ending at all.
  if (ending.find_first_not_of(".0123456789") != std::string::npos) return ending;
  const FileKind kind = kind_of(index);
  if (kind.group != FileKind::Group::kOtherImage) return ending;
  return std::string(kind.name.substr(kind.name.find(' ') + 1));  // without "a" or "an"
}

FileKind FileTree::kind_of(std::size_t index) {
  if (is_archive()) return file_kind(archive_->read_head(index, kFileHeadBytes));
  const auto head = read_head(place_ / paths_[index]);
  return head ? file_kind(*head) : FileKind();
}

}  // namespace fl
