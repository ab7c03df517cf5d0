#pragma once
// Images that a data set holds more than once, told by their decoded pixels: a copy in another class cannot
// be told apart, and a copy of a test image in the training set makes the test easier than it looks.

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace fl {

struct SameImages {
  std::size_t in_two_classes = 0;            // different images that lie in more than one class
  std::array<std::size_t, 2> classes{};      // of the first of them
  std::array<std::string, 2> class_names{};  // the same
  std::size_t trained_on = 0;                // test images that lie in the training set, too
  std::size_t test_images = 0;
  // [image]: it has a copy in another class, or in the other of training and test set; empty: none has.
  std::vector<bool> marked;
};

// All zero where the set does not know its images' content (Dataset::contents).
SameImages same_images(const Dataset& data, const Split& split);

}  // namespace fl
