#pragma once
// Which images there are and which class each belongs to, before any is read; and what was passed over, so
// that nothing is missing without a word.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/files/file_tree.h"

namespace fl {

struct ListedImage {
  int class_index = 0;   // into ClassListing::classes
  std::size_t file = 0;  // into FileTree::paths()
  std::string name;      // for reports
};

struct ClassListing {
  std::vector<std::string> classes;  // as they are shown; all different
  std::vector<ListedImage> images;
  std::vector<EndingCounts> passed_over;  // [class]
  std::vector<std::string> notes;         // a sentence each
};

// The folders in `tree` are the classes and whatever images lie in them, in folders of theirs as well, are
// their images; classes and images sorted byte by byte. One folder around the class folders is looked
// through. Errors: no class folders (the sentence says what is there instead and what to do), folders that
// are the parts of a split, as "train" and "test", which hold the class folders in turn.
Result<ClassListing> list_class_folders(FileTree& tree, const LoadWatch& watch = {});

}  // namespace fl
