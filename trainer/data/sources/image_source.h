#pragma once
// Where a lesson's images come from, known by what is there and never by what it is called: a Teachable
// Machine project, packed or unpacked, or class folders, in a folder or in a ZIP.

#include <filesystem>
#include <optional>

#include "trainer/base/result.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/load_watch.h"
#include "trainer/data/sources/class_listing.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {

struct ImageSource {
  FileTree tree;
  ClassListing listing;
  std::optional<TmSettings> settings;  // of a project
};

// Lists what is there; no image is read. Errors: what FileTree::open, read_tm_settings, list_tm_images and
// list_class_folders refuse, a model instead of images, more classes or images than are taken;
// load_cancelled().
Result<ImageSource> open_image_source(const std::filesystem::path& path, const LoadWatch& watch = {});

}  // namespace fl
