#pragma once
// Images as the network sees them: one contiguous float block in planar order, labels beside it. Where
// they come from (a Teachable Machine project, a folder of class folders, generated phantoms) ends here.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/base/tensor_shape.h"
#include "trainer/data/window.h"

namespace fl {

using ImageShape = TensorShape;

struct Dataset {
  std::vector<std::string> classes;  // in order of first appearance
  ImageShape shape{1, 64, 64};
  std::vector<float> pixels;         // [image][channel][y][x], preprocessed
  std::vector<std::int32_t> labels;  // [image], index into classes
  std::vector<std::string> names;    // [image], for reports: the entry's or file's name
  int skipped = 0;                   // broken images left out; each was named in the log

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] std::span<const float> image(std::size_t i) const {
    return std::span(pixels).subspan(i * shape.floats(), shape.floats());
  }
};

// The scene's [data] table.
struct DataSpec {
  // "phantom", a Teachable Machine project, or a folder or ZIP whose folders are the classes.
  std::string source = "phantom";
  int image_size = 64;  // side in pixels of what the network sees
  int channels = 1;     // 1: luminance, 3: colour
  // What phantoms are put through, and what 8-bit images are taken to have gone through already.
  HuWindow window = kBrainWindow;
  std::optional<HuRange> colour_range = {};  // painted red before anything is shrunk; needs 3 channels
  double test_fraction = 0.15;
  // Those with too few images to train on and to test with are an error otherwise.
  bool leave_out_small_classes = false;
  bool standardise = true;  // zero mean, unit variance over the training images, channel by channel
  std::vector<int> phantom_counts = {30, 30};  // haemorrhage, normal

  // Of what the network sees.
  [[nodiscard]] ImageShape shape() const { return {channels, image_size, image_size}; }
};

// Loads and preprocesses. `base` resolves a relative source (the scene's folder). Phantoms are drawn from
// `seed`. Errors: whatever the file or folder can have wrong with it; broken single images are skipped,
// named in the log and counted, unless a class is left with too few.
Result<Dataset> load_dataset(const DataSpec& spec, const std::filesystem::path& base, std::uint64_t seed);

struct Split {
  std::vector<std::int32_t> train, test;  // image indices, both shuffled
};

// Teachable Machine's split: per class Fisher-Yates, the last ceil(fraction * n) are the test set, then both
// sets are shuffled. Errors: a class left without a training image.
Result<Split> split_dataset(const Dataset& data, double test_fraction, std::uint64_t seed);

}  // namespace fl
