#include "trainer/data/dataset.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/class_check.h"
#include "trainer/data/image.h"
#include "trainer/data/image_source.h"
#include "trainer/data/phantom.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kMinImageSize = 8;
constexpr int kMaxImageSize = 1024;
constexpr int kMaxPhantoms = 100'000;  // of one class
constexpr std::size_t kMaxFloats = std::size_t{1} << 30;
constexpr int kNamedSkipped = 20;
constexpr std::size_t kMinPerClass = 2;  // one to train on, one to test with

Result<void> check_spec(const DataSpec& spec) {
  if (spec.image_size < kMinImageSize || spec.image_size > kMaxImageSize)
    return error("The image size {} is not between {} and {} pixels; 64 is a good start.", spec.image_size,
                 kMinImageSize, kMaxImageSize);
  if (spec.channels != 1 && spec.channels != 3)
    return error("Images have 1 channel (grey) or 3 (colour), not {}; correct channels.", spec.channels);
  if (!(spec.window.width > 0))
    return error("The window's width {} is not above 0; correct window.", spec.window.width);
  if (spec.colour_range && !(spec.colour_range->low < spec.colour_range->high))
    return error("The colour range from {} to {} HU is empty; write the lower value first.",
                 spec.colour_range->low, spec.colour_range->high);
  if (spec.colour_range && spec.channels != 3)
    return error("A colour range needs 3 channels, not {}; correct channels or leave them out.",
                 spec.channels);
  return {};
}

// Collects preprocessed images, of which no later one may be broken.
class Builder {
 public:
  // `spec` must outlive this.
  Builder(const DataSpec& spec, std::vector<std::string> classes) : spec_(spec) {
    data_.classes = std::move(classes);
    data_.shape = spec.shape();
  }

  // Takes the memory for `images` at once. Errors: more than the bound.
  Result<void> reserve(std::size_t images) {
    if (images > kMaxFloats / data_.shape.floats())
      return error("{} images of {} x {} pixels need more than {} GiB; use fewer or a smaller image size.",
                   images, data_.shape.width, data_.shape.height, (kMaxFloats * sizeof(float)) >> 30);
    data_.pixels.reserve(images * data_.shape.floats());
    data_.labels.reserve(images);
    data_.names.reserve(images);
    return {};
  }

  void add_blank(int class_index) {
    data_.pixels.resize(data_.pixels.size() + data_.shape.floats());
    data_.labels.push_back(class_index);
    data_.names.emplace_back();
  }

  // Several threads may fill different images at once.
  void fill(std::size_t index, std::string name, const Bitmap& image) {
    preprocess(image, data_.shape, pixels_of(index));
    data_.names[index] = std::move(name);
  }

  void add_encoded(int class_index, const std::string& name, std::span<const std::byte> bytes) {
    add_blank(class_index);
    if (const auto done = preprocess_file(bytes, name, spec_, pixels_of(data_.size() - 1)); !done) {
      remove_last();
      return skip(done.error());
    }
    data_.names.back() = name;
  }

  // The first ones are named; a thousand more lines would hide what they say.
  void skip(const Error& why) {
    if (++data_.skipped <= kNamedSkipped) log_warning("Left out: {}", why.message);
  }

  Dataset finish() {
    if (data_.skipped > kNamedSkipped)
      log_warning("Left out: {} more broken images.", data_.skipped - kNamedSkipped);
    return std::move(data_);
  }

 private:
  [[nodiscard]] std::span<float> pixels_of(std::size_t index) {
    return std::span(data_.pixels).subspan(index * data_.shape.floats(), data_.shape.floats());
  }
  void remove_last() {
    data_.pixels.resize(data_.pixels.size() - data_.shape.floats());
    data_.labels.pop_back();
    data_.names.pop_back();
  }

  const DataSpec& spec_;
  Dataset data_;
};

// Calls work(0) ... work(count - 1) on every core, in any order; an exception of one reaches the caller.
template <typename Work>
void for_each_index(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> workers;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < cores; ++i)
    workers.push_back(std::async(std::launch::async, [&] {
      for (std::size_t index = next++; index < count; index = next++) work(index);
    }));
  for (auto& worker : workers) worker.get();
}

Result<Dataset> load_phantoms(const DataSpec& spec, std::uint64_t seed) {
  const auto& counts = spec.phantom_counts;
  const auto out_of_range = [](int n) { return n < static_cast<int>(kMinPerClass) || n > kMaxPhantoms; };
  if (counts.size() != kPhantomClasses.size() || std::any_of(counts.begin(), counts.end(), out_of_range))
    return error(
        "The phantom counts must be {} numbers (hemorrhage, normal) from {} to {}; correct phantom_counts.",
        kPhantomClasses.size(), kMinPerClass, kMaxPhantoms);
  const auto bleeding = static_cast<std::size_t>(counts[0]),
             all = bleeding + static_cast<std::size_t>(counts[1]);
  Builder builder(spec, {kPhantomClasses.begin(), kPhantomClasses.end()});
  if (const auto fits = builder.reserve(all); !fits) return fits.error();
  for (std::size_t i = 0; i < all; ++i) builder.add_blank(i < bleeding ? 0 : 1);
  for_each_index(all, [&](std::size_t i) {
    const PhantomClass kind = i < bleeding ? PhantomClass::kHemorrhage : PhantomClass::kNormal;
    const auto number = static_cast<std::uint32_t>(i < bleeding ? i : i - bleeding);
    Phantom phantom = make_phantom(seed, kind, number, phantom_side_for(spec.image_size));
    const Bitmap image = spec.colour_range ? apply_window(phantom.slice, spec.window, *spec.colour_range)
                                           : apply_window(phantom.slice, spec.window);
    builder.fill(i, std::move(phantom.name), image);
  });
  return builder.finish();
}

// What is not in the data set, and what a person may not expect to be.
void say_notes(const ClassListing& listing, const std::string& name) {
  for (const std::string& note : listing.notes) log_warning("{}", note);
  int said = 0, more = 0;
  for (std::size_t c = 0; c < listing.classes.size(); ++c) {
    const EndingCounts& others = listing.passed_over[c];
    if (others.empty()) continue;
    if (said++ < kNamedSkipped)
      log_warning("Passed over in the class \"{}\" of {}: {}.", listing.classes[c], name, describe(others));
    else
      ++more;
  }
  if (more > 0) log_warning("Files of {} more classes were passed over.", more);
}

Result<Dataset> load_files(const DataSpec& spec, const fs::path& path) {
  auto source = open_image_source(path);
  if (!source) return source.error();
  Builder builder(spec, source->listing.classes);
  if (const auto fits = builder.reserve(source->listing.images.size()); !fits) return fits.error();
  for (const ListedImage& image : source->listing.images) {
    const auto bytes = source->tree.read(image.file);
    if (bytes)
      builder.add_encoded(image.class_index, image.name, *bytes);
    else
      builder.skip(bytes.error());
  }
  const std::string name = printable(path.string());
  auto data =
      keep_usable_classes(builder.finish(), source->listing, spec, name, source->settings.has_value());
  if (data) say_notes(source->listing, name);
  return data;
}

}  // namespace

Result<Dataset> load_dataset(const DataSpec& spec, const fs::path& base, std::uint64_t seed) {
  if (const auto valid = check_spec(spec); !valid) return valid.error();
  if (spec.source == "phantom") return load_phantoms(spec, seed);
  if (spec.source.empty())
    return error(
        "The data source is empty; name a Teachable Machine project (.tm), a folder or a ZIP of class "
        "folders, or "
        "\"phantom\".");
  const fs::path path = base / spec.source;  // an absolute source stays as it is
  return load_files(spec, path);
}

}  // namespace fl
