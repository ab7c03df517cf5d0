#include "trainer/data/image_files.h"

#include <algorithm>

#include "trainer/base/atomic_file.h"
#include "trainer/base/find_path.h"
#include "trainer/data/folder.h"
#include "trainer/data/image.h"
#include "trainer/base/printable.h"
#include "trainer/data/zip_archive.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

Error no_images(const fs::path& path) {
  return error("{} holds no .jpg, .jpeg or .png images; choose another.", printable(path.string()));
}

Result<void> visit_folder(const fs::path& folder, const ImageVisitor& visit) {
  const auto files = list_image_files(folder);
  if (!files) return files.error();
  if (files->empty()) return no_images(folder);
  for (const fs::path& file : *files)
    if (!visit(printable(file.lexically_relative(folder).string()), read_file(file, kMaxImageFileBytes)))
      break;
  return {};
}

Result<void> visit_archive(const fs::path& path, const ImageVisitor& visit) {
  auto archive = ZipArchive::open(path, ZipContent::kImages);
  if (!archive) return archive.error();
  bool any = false;
  for (std::size_t i = 0; i < archive->entries().size(); ++i) {
    const std::string& name = archive->entries()[i].name;
    if (!is_image_name(fs::path(name))) continue;
    any = true;
    auto bytes = archive->read(i);
    if (!bytes)
      bytes = error("{} cannot be unpacked ({}); copy the archive again.", name, bytes.error().message);
    if (!visit(name, std::move(bytes))) return {};
  }
  if (!any) return no_images(path);
  return {};
}

bool is_archive(const fs::path& path) {
  const std::string extension = lower_extension(path);
  return extension == ".zip" || extension == ".tm";
}

}  // namespace

Result<void> visit_images(const fs::path& path, const ImageVisitor& visit) {
  const auto status = find_path(path, printable(path.string()), "file or folder", "check its name");
  if (!status) return status.error();
  if (fs::is_directory(*status)) return visit_folder(path, visit);
  if (is_archive(path)) return visit_archive(path, visit);
  visit(printable(path.string()), read_file(path, kMaxImageFileBytes));
  return {};
}

}  // namespace fl
