#pragma once
// Images as the network sees them: one contiguous float block in planar order, labels beside it. Where
// they come from (a Teachable Machine project, a folder of class folders, generated phantoms) ends here.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/base/result.h"
#include "trainer/base/tensor_shape.h"
#include "trainer/data/hounsfield.h"
#include "trainer/data/load_watch.h"
#include "trainer/data/original.h"
#include "trainer/data/thumbnails.h"
#include "trainer/data/window.h"

namespace fl {

using ImageShape = TensorShape;

struct Dataset {
  std::vector<std::string> classes;  // in order of first appearance
  ImageShape shape{1, 64, 64};
  std::vector<float> pixels;         // [image][channel][y][x], preprocessed
  std::vector<float> mirrored = {};  // as pixels, of each image mirrored left to right, where asked for
  std::vector<std::int32_t> labels;  // [image], index into classes
  std::vector<std::string> names;    // [image], for reports: the entry's or file's name
  // [image], its place among the images that its source lists; empty where nothing lists them.
  std::vector<std::uint32_t> places = {};
  // [image], a checksum of its decoded pixels; empty where images are made, and differ.
  std::vector<std::uint64_t> contents = {};
  int skipped = 0;  // broken images left out; each was named in the log
  // What lies in the source and not in the set, and why, as the log has it: a sentence each.
  std::vector<std::string> left_out = {};
  std::string colour;          // for a person: how colour was dealt with, and why
  Thumbnails thumbnails = {};  // [image], or none where nobody asked for them or they are too many
  // [image]; none where nobody asked for them, they take too much memory, or the source has none.
  std::optional<Hounsfield> hounsfield = {};
  // Makes the pixels of an image once more, as the network's input was made of them; empty where `pixels` are
  // these pixels themselves. One thread at a time. Error: its file cannot be read any more.
  std::function<Result<void>(std::size_t image, std::span<float> pixels)> read_again = {};
  // The image as its source has it. Any thread. Error: its file cannot be read any more.
  std::function<Result<Original>(std::size_t image)> original = {};

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  // Says it in the log, and keeps it.
  void leave_out(std::string sentence);
  [[nodiscard]] std::span<const float> image(std::size_t i) const {
    return std::span(pixels).subspan(i * shape.floats(), shape.floats());
  }
};

// Phantoms of one class: one to train on and one to test with, at the least.
inline constexpr int kFewestPhantoms = 2, kMostPhantoms = 100'000;

// In place of a number of channels: 3 where any image has colour beyond the noise of a grey one, else 1.
inline constexpr int kAutoChannels = 0;

// The source that is drawn; every other one is a path.
inline constexpr const char* kPhantomSource = "phantom";

// The scene's [data] table (data_keys.h).
struct DataSpec {
  // kPhantomSource, or a folder or file of a kind that sources/image_source.h knows.
  std::string source = kPhantomSource;
  int image_size = 64;           // side in pixels of what the network sees
  int channels = kAutoChannels;  // 1: luminance, 3: colour
  // What phantoms are put through, and what 8-bit images are taken to have gone through already.
  HuWindow window = kBrainWindow;
  std::optional<HuRange> colour_range = {};  // painted red before anything is shrunk; not with 1 channel
  double test_fraction = 0.15;
  // Those with too few images to train on and to test with are an error otherwise.
  bool leave_out_small_classes = false;
  bool standardise = true;  // zero mean, unit variance over the training images, channel by channel
  std::vector<int> phantom_counts = {30, 30};  // haemorrhage, normal

  bool operator==(const DataSpec&) const = default;
  // Whether `source` names something on disk.
  [[nodiscard]] bool reads_files() const { return !source.empty() && source != kPhantomSource; }
  // Of what the network sees. Precondition: the channels are decided, as load_dataset does in the set it
  // makes.
  [[nodiscard]] ImageShape shape() const {
    FL_CHECK(channels != kAutoChannels);
    return {channels, image_size, image_size};
  }
};

// The most classes that are told apart: more are a folder of something else, and would take memory for
// nothing.
inline constexpr std::size_t kMaxClasses = 1000;

// Error: more than kMaxClasses. `source`: what has them.
Result<void> check_class_count(std::size_t classes, std::string_view source);

class Background;
class ImageDigest;
struct ImageSource;

// How a data set is loaded.
struct LoadOptions {
  // What is kept beside the network's pixels for whoever shows the set.
  bool thumbnails = false;
  bool hounsfield = false;
  // The files of the source, where somebody listed them a moment ago; null: that is done now.
  std::shared_ptr<ImageSource> listed = {};
  // What the set keeps of its images in place of their pixels; null: the pixels. Preconditions: the channels
  // are decided; no Hounsfield units.
  ImageDigest* digest = nullptr;
  // With a digest: Dataset::mirrored, too.
  bool mirrored = false;
  // Where sets that take long to make are kept between starts (kept_set.h); empty: nowhere.
  std::filesystem::path cache = {};
  // Keeps them there when they have been drawn; must outlive whatever loads. Null: whoever loads waits for
  // it.
  Background* background = nullptr;
};

// Loads and preprocesses, and says in the log what there is to remark on the images.
// `base` resolves a relative source (the scene's folder). Phantoms are drawn from `seed`. Errors: whatever
// the file or folder can have wrong with it; broken single images are skipped, named in the log and counted,
// unless a class is left with too few; load_cancelled(), and nothing is said in the log, where `watch` asks
// for it.
Result<Dataset> load_dataset(const DataSpec& spec, const std::filesystem::path& base, std::uint64_t seed,
                             const LoadWatch& watch = {}, const LoadOptions& options = {});

// Dataset::read_again of a set that was made of these originals with `spec`, whose channels are decided.
decltype(Dataset::read_again) input_again(decltype(Dataset::original) original, DataSpec spec);

struct Split {
  std::vector<std::int32_t> train, test;  // image indices, both shuffled
};

// Teachable Machine's split: per class Fisher-Yates, the last ceil(fraction * n) are the test set, then both
// sets are shuffled. Errors: a class left without a training image.
Result<Split> split_dataset(const Dataset& data, double test_fraction, std::uint64_t seed);

}  // namespace fl
