#pragma once
// Where a lesson's images come from, known by what is there and never by what it is called: one of the kinds
// listed in image_source.cpp, such as a Teachable Machine project, or class folders; in a folder or in a ZIP.

#include <filesystem>
#include <optional>

#include "trainer/base/result.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/load_watch.h"
#include "trainer/data/sources/class_listing.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {

// A kind of source that knows its own images: one row each.
struct SourceKind {
  // The folder in the tree where one lies, with a separator behind it. Nothing: the tree is of another kind.
  std::optional<std::string> (*find)(const FileTree& tree);
  // `folder`: from `find`. Errors: images that cannot be listed.
  Result<ClassListing> (*list)(FileTree& tree, const std::string& folder);
  // The training settings that lie beside the images. Null: this kind has none.
  Result<TmSettings> (*settings)(FileTree& tree, const std::string& folder);
};

struct FoundKind {
  const SourceKind* kind;
  std::string folder;
};
// The first kind that says it is its own. Nothing: class folders, if anything.
std::optional<FoundKind> find_kind(const FileTree& tree);

struct ImageSource {
  FileTree tree;
  ClassListing listing;
  std::optional<TmSettings> settings;
};

// Lists what is there; no image is read. Errors: what FileTree::open, read_tm_settings, list_tm_images and
// list_class_folders refuse, a model instead of images, more classes or images than are taken;
// load_cancelled().
Result<ImageSource> open_image_source(const std::filesystem::path& path, const LoadWatch& watch = {});

}  // namespace fl
