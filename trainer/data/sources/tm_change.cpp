#include <algorithm>

#include "trainer/base/atomic_file.h"
#include "trainer/base/name_list.h"
#include "trainer/base/printable.h"
#include "trainer/data/sources/tm_parts.h"

namespace fl {
namespace {

// What the classes are called afterwards, in the order of `classes`.
Result<std::vector<std::string>> renamed_classes(const std::vector<std::string>& classes,
                                                 const std::vector<TmRename>& renames,
                                                 const std::string& file) {
  std::vector<std::string> names = classes;
  std::vector<bool> changed(classes.size(), false);
  for (const TmRename& rename : renames) {
    const auto c = static_cast<std::size_t>(std::ranges::find(classes, rename.from) - classes.begin());
    if (c == classes.size())
      return error("{} has no class \"{}\"; its classes are {}.", file, printable(rename.from),
                   name_list(classes));
    if (changed[c]) return error("The class \"{}\" is renamed twice; decide for one name.", rename.from);
    FL_TRY(check_tm_class(rename.to));
    names[c] = rename.to;
    changed[c] = true;
  }
  for (std::size_t c = 0; c < names.size(); ++c)
    if (changed[c] && std::ranges::count(names, names[c]) > 1)
      return error(
          "Two classes would be called \"{}\"; a Teachable Machine project tells them apart by name, so "
          "choose "
          "another one.",
          names[c]);
  return names;
}

}  // namespace

Result<void> change_tm_project(const std::filesystem::path& path, FileTree& tree, const std::string& folder,
                               const TmSettings& settings, const std::vector<TmRename>& renames) {
  FL_TRY_LET(listing, list_tm_images(tree, folder));
  FL_TRY_LET(names, renamed_classes(listing->classes, renames, printable(tree.place().string())));
  std::vector<NewZipEntry> entries;
  for (const ListedImage& image : listing->images) {
    FL_TRY_LET(bytes, tree.read(image.file));
    const auto c = static_cast<std::size_t>(image.class_index);
    // As it was, in bytes, unless it is to change.
    std::string name = tree.paths()[image.file].substr(folder.size());
    if ((*names)[c] != listing->classes[c]) name = (*names)[c] + name.substr(name.rfind(kTmSeparator));
    entries.push_back({std::move(name), *std::move(bytes)});
  }
  entries.push_back(tm_manifest(settings));
  FL_TRY_LET(packed, pack_zip(entries, printable(path.string())));
  return write_file_atomic(path, *packed);
}

}  // namespace fl
