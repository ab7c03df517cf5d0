#include "trainer/data/image_files.h"

#include <algorithm>

#include "trainer/base/atomic_file.h"
#include "trainer/base/find_path.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/contact_sheet.h"
#include "trainer/data/file_kind.h"
#include "trainer/data/folder.h"
#include "trainer/data/image.h"
#include "trainer/data/tm_project.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Paths in full: shortened ones would not tell two images apart.
constexpr std::size_t kMaxNameBytes = 8192;

// Whether it is a folder or a ZIP; what cannot be read is neither. Its name decides where there is nothing in
// it.
bool is_tree(const fs::path& path, const fs::file_status& status) {
  if (fs::is_directory(status)) return true;
  if (!fs::is_regular_file(status)) return false;
  const auto head = read_head(path);
  if (head && file_kind(*head).group == FileKind::Group::kImage) return false;
  const std::string ending = lower_extension(path);
  return ending == ".zip" || ending == ".tm" || (head && file_kind(*head).group == FileKind::Group::kZip);
}

// The sheet that "fallline data" leaves beside class folders, whose images it shows again, also where one folder lies
// around everything. Empty where there is none: alone, a file of that name is anybody's.
std::string contact_sheet_in(const FileTree& tree) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < tree.paths().size(); ++i)
    if (std::string path = tree.clean_path(i); !path.empty() && !path.ends_with('/') && !is_passed_over(path))
      paths.push_back(std::move(path));
  if (paths.empty()) return {};
  std::string around = paths.front().substr(0, paths.front().find('/') + 1);
  if (!std::ranges::all_of(paths, [&](const std::string& path) { return path.starts_with(around); })) around.clear();
  const bool folders = std::ranges::any_of(
      paths, [&](const std::string& path) { return path.find('/', around.size()) != std::string::npos; });
  return folders ? around + kContactSheetFile : std::string();
}

Error no_images(const fs::path& path, const EndingCounts& passed_over) {
  const std::string name = printable(path.string());
  if (passed_over.empty()) return error("{} holds no images; choose another.", name);
  return error("{} holds no images but {}, which are not read; choose another.", name, describe(passed_over));
}

}  // namespace

Result<EndingCounts> visit_images(const fs::path& path, const ImageVisitor& visit) {
  const auto status = find_path(path, printable(path.string()), "file or folder", "check its name");
  if (!status) return status.error();
  if (!is_tree(path, *status)) {
    visit(printable(path.string(), kMaxNameBytes), read_file(path, kMaxImageFileBytes));
    return EndingCounts();
  }
  auto tree = FileTree::open(path);
  if (!tree) return tree.error();
  for (const std::string& note : tree->notes()) log_warning("{}", note);
  const auto show = [&](const std::string& inside, std::size_t file) {
    return visit(printable((path / inside).string(), kMaxNameBytes), tree->read(file));
  };
  if (const auto folder = find_tm_project(*tree)) {
    const auto listing = list_tm_images(*tree, *folder);
    if (!listing) return listing.error();
    for (const ListedImage& image : listing->images)
      if (!show(image.name, image.file)) break;
    return EndingCounts();
  }
  EndingCounts passed_over;
  bool any = false;
  const std::string sheet = contact_sheet_in(*tree);
  for (std::size_t i = 0; i < tree->paths().size(); ++i) {
    const std::string inside = tree->clean_path(i);
    if (inside.empty() || inside.ends_with('/') || is_passed_over(inside)) continue;
    if (inside == sheet) continue;
    if (!tree->is_image(i)) {
      ++passed_over[tree->ending(i)];
      continue;
    }
    any = true;
    if (!show(inside, i)) return passed_over;
  }
  if (!any) return no_images(path, passed_over);
  return passed_over;
}

}  // namespace fl
