#pragma once
// Names of classes as they are shown. Names that differ on disk may look the same: accents in one character
// or two, invisible characters, bytes that are not text. Each gets a name of its own, and a person is told.

#include <string>
#include <vector>

namespace fl {

struct DistinctNames {
  std::vector<std::string> shown;  // in the order of what was given; printable, no two look alike
  std::vector<std::string> notes;  // one sentence for each name that had to be changed
};

// `names`: as they are in a file or on a disk, all different. `source`: what the notes call the place.
// Alike: equal in Unicode's form NFKC without invisible characters (UAX 15, UTS 39).
DistinctNames distinct_names(const std::vector<std::string>& names, const std::string& source);

}  // namespace fl
