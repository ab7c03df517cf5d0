#include <cmath>

#include "trainer/base/random.h"
#include "trainer/data/dataset.h"
#include "trainer/data/files/file_tree.h"

namespace fl {

Result<Split> split_dataset(const Dataset& data, double test_fraction, std::uint64_t seed) {
  if (!(test_fraction >= 0.0 && test_fraction < 1.0))
    return error("The test fraction {} is not between 0 and 1; 0.15 is what Teachable Machine uses.",
                 test_fraction);
  std::vector<std::vector<std::int32_t>> per_class(data.classes.size());
  for (std::size_t i = 0; i < data.size(); ++i)
    per_class[static_cast<std::size_t>(data.labels[i])].push_back(static_cast<std::int32_t>(i));

  RandomStream random(seed, StreamId::kSplit);
  Split split;
  for (std::size_t c = 0; c < per_class.size(); ++c) {
    auto& images = per_class[c];
    // The product is taken in double, as JavaScript does: the counts agree with the site's for every n.
    const auto tests =
        static_cast<std::size_t>(std::ceil(test_fraction * static_cast<double>(images.size())));
    if (images.size() <= tests)
      return error(
          "The class \"{}\" has only {}, and testing takes {}, which leaves none to train on; add images or lower "
          "data.test_fraction.",
          data.classes[c], counted(images.size(), "image"), tests == 1 ? "it" : "all of them");
    shuffle(std::span(images), random);
    const auto first_test = images.end() - static_cast<std::ptrdiff_t>(tests);
    split.train.insert(split.train.end(), images.begin(), first_test);
    split.test.insert(split.test.end(), first_test, images.end());
  }
  shuffle(std::span(split.train), random);
  shuffle(std::span(split.test), random);
  return split;
}

}  // namespace fl
