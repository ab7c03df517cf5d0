// A Teachable Machine project or an archive of images, opened as data to train on and to classify.
#include <algorithm>

#include "tests/fuzz/harness.h"
#include "trainer/data/dataset.h"
#include "trainer/data/sources/image_files.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  fl::fuzz::be_silent();
  const auto& path = fl::fuzz::file_with(data, size, ".tm");
  (void)fl::visit_images(path, [](const auto&, const auto&) { return true; });
  fl::DataSpec spec;
  spec.source = path.string();
  spec.image_size = 8;
  const auto loaded = fl::load_dataset(spec, ".", 1);
  if (!loaded) {
    require(!loaded.error().message.empty(), "an error says something");
    return 0;
  }
  require(loaded->classes.size() >= 2, "there are classes to tell apart");
  require(loaded->pixels.size() == loaded->size() * loaded->shape.floats(), "every image has its pixels");
  require(std::ranges::all_of(loaded->labels,
                              [&](int label) { return label >= 0 && label < std::ssize(loaded->classes); }),
          "every label is a class");
  return 0;
}
