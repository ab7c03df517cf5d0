#include "trainer/data/sources/image_files.h"

#include "trainer/base/atomic_file.h"
#include "trainer/base/find_path.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/file_kind.h"
#include "trainer/data/files/folder.h"
#include "trainer/data/images/image.h"
#include "trainer/data/sources/image_source.h"

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

Error no_images(const fs::path& path, const EndingCounts& passed_over) {
  const std::string name = printable(path.string());
  if (passed_over.empty()) return error("{} holds no images; choose another.", name);
  return error("{} holds no images that can be read, only {}; choose another.", name, describe(passed_over));
}

}  // namespace

Result<EndingCounts> visit_images(const fs::path& path, const ImageVisitor& visit) {
  FL_TRY_LET(status, find_path(path, printable(path.string()), "file or folder", "check its name"));
  if (!is_tree(path, *status)) {
    visit(printable(path.string(), kMaxNameBytes), read_file(path, kMaxImageFileBytes));
    return EndingCounts();
  }
  FL_TRY_LET(tree, FileTree::open(path));
  for (const std::string& note : tree->notes()) log_warning("{}", note);
  const auto show = [&](const std::string& inside, std::size_t file) {
    return visit(printable((path / inside).string(), kMaxNameBytes), tree->read(file));
  };
  if (const auto found = find_kind(*tree)) {
    FL_TRY_LET(listing, found->kind->list(*tree, found->folder));
    for (const ListedImage& image : listing->images)
      if (!show(image.name, image.file)) break;
    return EndingCounts();
  }
  EndingCounts passed_over;
  bool any = false;
  for (std::size_t i = 0; i < tree->paths().size(); ++i) {
    const std::string inside = tree->clean_path(i);
    if (inside.empty() || inside.ends_with('/') || is_passed_over(inside)) continue;
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
