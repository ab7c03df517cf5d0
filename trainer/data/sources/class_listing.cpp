#include "trainer/data/sources/class_listing.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "trainer/base/printable.h"
#include "trainer/data/files/distinct_names.h"
#include "trainer/data/files/folder.h"
#include "trainer/data/images/image.h"

namespace fl {
namespace {

struct Found {
  std::string path;  // within the tree, "class/more/0.jpg"; a folder's ends in a /
  std::size_t file = 0;
  bool image = false;
  std::string ending = {};  // as EndingCounts has it, unless it is an image or a folder
  [[nodiscard]] bool is_own() const { return ending == kOwnPicture; }
  [[nodiscard]] bool is_folder() const { return path.ends_with('/'); }
};

std::string first_part(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

// Paths compare folder by folder, so that an archive has the order of the folder it was made of.
bool before(const Found& a, const Found& b) {
  const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; };
  return std::ranges::lexicographical_compare(a.path, b.path, {}, rank, rank);
}

// A film's folder is no class: what this program drew is all that it holds.
void drop_film_folders(std::vector<Found>& found) {
  if (std::ranges::none_of(found, &Found::is_own)) return;
  std::set<std::string> own, others;  // folders with such files somewhere inside
  for (const Found& file : found)
    for (auto at = file.path.find('/'); !file.is_folder() && at != std::string::npos; at = file.path.find('/', at + 1))
      (file.is_own() ? own : others).insert(file.path.substr(0, at + 1));
  std::erase_if(found, [&](const Found& file) {
    return file.is_folder() && own.contains(file.path) && !others.contains(file.path);
  });
}

// Files without a telling name are looked into.
Result<std::vector<Found>> find_files(FileTree& tree, const LoadWatch& watch) {
  std::vector<Found> found;
  for (std::size_t i = 0; i < tree.paths().size(); ++i) {
    if (!watch.go_on(LoadPhase::kLooking, i, tree.paths().size())) return load_cancelled();
    std::string path = tree.clean_path(i);
    if (path.empty() || is_passed_over(path)) continue;
    const bool image = !path.ends_with('/') && tree.is_image(i);
    std::string ending = image || path.ends_with('/') ? "" : tree.ending(i);
    found.push_back({std::move(path), i, image, std::move(ending)});
  }
  for (const std::string& folder : tree.folders()) found.push_back({folder + "/"});
  drop_film_folders(found);
  std::ranges::sort(found, before);
  return found;
}

// What lies inside one folder of a tree.
struct Level {
  std::set<std::string> folders;        // those directly in it
  std::set<std::string> image_folders;  // those of them with an image somewhere inside
  int images = 0;                       // directly in it
  EndingCounts others;                  // directly in it
};

// `prefix`: "", or a folder's path with a / behind it.
Level look_into(const std::vector<Found>& files, const std::string& prefix) {
  Level level;
  for (const Found& file : files) {
    if (!file.path.starts_with(prefix) || file.path == prefix || file.is_own()) continue;
    const std::string_view rest = std::string_view(file.path).substr(prefix.size());
    if (rest.find('/') != std::string_view::npos) {
      level.folders.insert(first_part(rest));
      if (file.image) level.image_folders.insert(first_part(rest));
    } else if (file.image) {
      ++level.images;
    } else {
      ++level.others[file.ending];
    }
  }
  return level;
}

// The prefix of the folder that holds the class folders: a single folder around everything is looked through.
std::string find_class_level(const std::vector<Found>& files, std::string prefix) {
  for (;;) {
    const Level level = look_into(files, prefix);
    if (level.images > 0 || level.folders.size() != 1) return prefix;
    const std::string inside = prefix + *level.folders.begin() + "/";
    const Level next = look_into(files, inside);
    if (next.folders.empty() || next.images > 0) return prefix;
    prefix = inside;
  }
}

// Whether a folder is called as the parts of a divided data set are: train, test_set, Validation, seg_train.
bool is_part_name(const std::string& name) {
  constexpr std::array<std::string_view, 16> kWords = {
      "train",      "training", "trainset", "test", "testing",    "testset", "val", "valid",
      "validation", "valset",   "dev",      "eval", "evaluation", "holdout", "trn", "tst"};
  std::string word;
  for (const char c : name + " ") {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      word += static_cast<char>(c | 0x20);
      continue;
    }
    if (std::ranges::find(kWords, word) != kWords.end()) return true;
    word.clear();
  }
  return false;
}

std::string shown_place(const FileTree& tree, const std::string& prefix) {
  std::string place = tree.place().string();
  while (place.size() > 1 && place.back() == '/') place.pop_back();
  return printable(prefix.empty() ? place : place + "/" + prefix.substr(0, prefix.size() - 1));
}

// The parts of a divided data set are not its classes. Errors: they are what lies at `prefix`.
Result<void> check_no_parts(const FileTree& tree, const std::vector<Found>& files, const std::string& prefix,
                            const Level& level) {
  if (level.image_folders.empty() || !std::ranges::all_of(level.image_folders, is_part_name)) return {};
  std::string best;
  for (const std::string& part : level.image_folders) {
    const std::string inside = find_class_level(files, prefix + part + "/");
    const bool classes = look_into(files, inside).image_folders.size() > 1;
    if (classes && (best.empty() || part.find("rain") != std::string::npos)) best = inside;
  }
  if (best.empty()) return {};
  return error(
      "The folders in {} ({}) are the parts of a split data set, with the class folders inside them; {}open {}.",
      shown_place(tree, prefix), printable(fmt::format("{}", fmt::join(level.image_folders, ", "))),
      tree.is_archive() ? "unpack it and " : "",
      tree.is_archive() ? printable(best.substr(0, best.size() - 1)) : shown_place(tree, best));
}

// No image in any folder: what there is instead.
Error no_classes(const FileTree& tree, const std::vector<Found>& files) {
  const std::string name = shown_place(tree, {});
  const char* kind = tree.is_archive() ? "archive" : "folder";
  const Level level = look_into(files, {});
  if (level.images > 0)
    return error(
        "The {} {} holds {}{}; make a folder for each class, put its images there and open the folder "
        "around them, or classify the images with a trained network (\"fallline classify\").",
        kind, name, counted(static_cast<std::size_t>(level.images), "image"),
        level.folders.empty() ? " and no subfolders" : " next to its subfolders but none inside them");
  for (const Found& file : files)
    if (file.ending == ".tm" || file.ending == ".zip")
      return error("The {} {} holds no images, but it holds {}; {}open {}.", kind, name, printable(file.path),
                   tree.is_archive() ? "unpack it and " : "",
                   tree.is_archive() ? printable(file.path) : printable((tree.place() / file.path).string()));
  EndingCounts endings;
  for (const Found& file : files)
    if (!file.is_folder()) ++endings[file.ending];
  if (!endings.empty())
    return error(
        "The {} {} holds no images that can be read, only {}; make a folder for each class and put its images there "
        "as {} files.",
        kind, name, describe(endings), kReadFormats);
  if (!level.folders.empty())
    return error("The {} {} has {} but no images inside; put the images of each class into a folder of its own.", kind, name,
                 counted(level.folders.size(), "subfolder"));
  return error("The {} {} has no subfolders; make one for each class and put its images there.",
               kind, name);
}

}  // namespace

Result<ClassListing> list_class_folders(FileTree& tree, const LoadWatch& watch) {
  FL_TRY_LET(found, find_files(tree, watch));
  const std::vector<Found>& files = *found;
  const std::string prefix = find_class_level(files, {});
  const Level level = look_into(files, prefix);
  if (level.image_folders.empty()) return no_classes(tree, files);
  FL_TRY(check_no_parts(tree, files, prefix, level));

  const std::string source = shown_place(tree, {});
  ClassListing listing;
  listing.notes = tree.notes();
  const std::vector<std::string> folders(level.folders.begin(), level.folders.end());
  DistinctNames names = distinct_names(folders, source);
  listing.classes = std::move(names.shown);
  listing.notes.insert(listing.notes.end(), names.notes.begin(), names.notes.end());
  listing.passed_over.resize(folders.size());
  std::size_t nested = 0, unnamed = 0;
  std::set<std::string> inner;
  std::map<std::string, std::size_t> films;  // folders that are no classes, and the pictures in them
  for (const Found& file : files) {
    if (!file.path.starts_with(prefix) || file.is_folder()) continue;
    const std::string rest = file.path.substr(prefix.size()), folder = first_part(rest);
    if (folder == rest) continue;  // in no class
    if (!level.folders.contains(folder)) {
      ++films[folder];
      continue;
    }
    const auto c = static_cast<std::size_t>(std::ranges::lower_bound(folders, folder) - folders.begin());
    const std::string inside = rest.substr(folder.size() + 1);
    if (!file.image) {
      ++listing.passed_over[c][file.ending];
      continue;
    }
    if (inside.find('/') != std::string::npos) {
      ++nested;
      inner.insert(first_part(inside));
    }
    unnamed += !is_image_name(file.path);
    listing.images.push_back(
        {static_cast<int>(c), file.file, listing.classes[c] + "/" + printable(inside, 1024)});
  }
  for (const auto& [folder, pictures] : films)
    listing.notes.push_back(fmt::format("The folder \"{}\" in {} holds only {} drawn by Fall Line and is not a class.",
                                        printable(folder), source, counted(pictures, "picture")));
  if (!prefix.empty())
    listing.notes.push_back(
        fmt::format("The class folders of {} were found further inside, in {}.", source, shown_place(tree, prefix)));
  if (nested > 0)
    listing.notes.push_back(fmt::format(
        "{} of the {} images in {} {} in subfolders of the class folders ({}{}) and {} used as well.", nested,
        listing.images.size(), source, nested == 1 ? "is" : "are", printable(*inner.begin()),
        inner.size() > 1 ? ", ..." : "", nested == 1 ? "is" : "are"));
  if (unnamed > 0)
    listing.notes.push_back(fmt::format("{} in {} {}, and {} used as well.", counted(unnamed, "file"), source,
                                        unnamed == 1 ? "is an image, although its name does not say so"
                                                     : "are images, although their names do not say so",
                                        unnamed == 1 ? "is" : "are"));
  if (level.images > 0)
    listing.notes.push_back(
        fmt::format("{} next to the class folders of {} {} to no class and {} passed over.",
                    counted(static_cast<std::size_t>(level.images), "image"), source,
                    level.images == 1 ? "belongs" : "belong", level.images == 1 ? "was" : "were"));
  return listing;
}

}  // namespace fl
