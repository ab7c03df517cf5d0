#pragma once
// Images beside a labels.csv that says what each of them shows: lines of "file,class".

#include <optional>
#include <string>

#include "trainer/data/files/file_tree.h"
#include "trainer/data/sources/class_listing.h"

namespace fl {

// The folder that holds a labels.csv, with a separator behind it; nothing where none does.
std::optional<std::string> find_label_list(const FileTree& tree);

// Classes in the order of their first appearance. Errors: the list cannot be read, or names a file that is
// not there.
Result<ClassListing> list_labelled_images(FileTree& tree, const std::string& folder);

}  // namespace fl
