#include "trainer/data/dataset.h"

#include <mutex>

#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/class_check.h"
#include "trainer/data/dataset_builder.h"
#include "trainer/data/digest_cache.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/phantom/phantom_set.h"
#include "trainer/data/sources/image_source.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kMinImageSize = 8;
constexpr int kMaxImageSize = 1024;
constexpr int kNamedClasses = 20;

Result<void> check_spec(const DataSpec& spec) {
  if (spec.image_size < kMinImageSize || spec.image_size > kMaxImageSize)
    return error("The image size {} is not between {} and {} pixels; 64 is a good choice.", spec.image_size,
                 kMinImageSize, kMaxImageSize);
  if (spec.channels != kAutoChannels && spec.channels != 1 && spec.channels != 3)
    return error("Images have 1 channel (grey) or 3 (colour), not {}; correct data.channels.", spec.channels);
  if (!(spec.window.width > 0))
    return error("The window width is {}, but it must be above 0; correct data.window.", spec.window.width);
  if (spec.colour_range && !(spec.colour_range->low < spec.colour_range->high))
    return error("The colour range from {} to {} HU is empty; write the lower value first.",
                 spec.colour_range->low, spec.colour_range->high);
  if (spec.colour_range && spec.channels == 1)
    return error("A colour range needs 3 channels, not {}; set data.channels to 3 or leave it out.",
                 spec.channels);
  return {};
}

// `add` gives one of `images` to a builder. Where nobody says whether there is colour, one image of each
// class tells it most often; else a coloured one that comes late turns all into colour.
struct LoadedImages {
  Dataset data;
  std::vector<std::uint32_t> remarked;  // places of those about which there was something to say
};

template <typename Add>
Result<LoadedImages> load_images(const DataSpec& asked, const ClassListing& listing, const Add& add,
                                 const LoadWatch& watch, const LoadOptions& options) {
  const std::size_t all = listing.images.size();
  const LoadPhase phase = options.digest != nullptr ? LoadPhase::kEmbedding : LoadPhase::kReading;
  if (!watch.go_on(phase, 0, all)) return load_cancelled();
  DataSpec spec = asked;
  if (spec.colour_range) spec.channels = 3;
  std::string coloured;
  if (spec.channels == kAutoChannels) {
    DatasetBuilder probe(spec, listing.classes, {});
    std::vector<bool> seen(listing.classes.size());
    for (const ListedImage& image : listing.images) {
      const auto c = static_cast<std::size_t>(image.class_index);
      if (coloured.empty() && !seen[c]) {
        add(probe, image);
        if (!watch.go_on(phase, 0, all)) return load_cancelled();
      }
      seen[c] = true;
      coloured = probe.coloured();
    }
    if (!coloured.empty()) spec.channels = 3;
  }
  for (;;) {
    DatasetBuilder builder(spec, listing.classes, options);
    FL_TRY(builder.reserve(all));
    std::vector<std::uint32_t> places, remarked;
    for (std::uint32_t place = 0; place < all; ++place) {
      const int words = builder.words();
      add(builder, listing.images[place]);
      if (builder.size() > places.size()) places.push_back(place);
      if (builder.words() > words) remarked.push_back(place);
      if (!watch.go_on(phase, place + 1, all)) return load_cancelled();
      if (builder.must_start_again()) break;
    }
    if (!builder.coloured().empty()) coloured = builder.coloured();
    if (!builder.must_start_again()) {
      Dataset data = builder.finish(colour_note(asked, builder.channels(), coloured));
      data.places = std::move(places);
      return LoadedImages{std::move(data), std::move(remarked)};
    }
    spec.channels = 3;
  }
}

// What is not in the data set, and what a person may not expect to be.
void say_notes(const ClassListing& listing, const std::string& name, Dataset& data) {
  for (const std::string& note : listing.notes) log_warning("{}", note);
  int said = 0;
  std::size_t more = 0;
  for (std::size_t c = 0; c < listing.classes.size(); ++c) {
    const EndingCounts& others = listing.passed_over[c];
    if (others.empty()) continue;
    if (said++ < kNamedClasses)
      data.leave_out(fmt::format("In the class \"{}\" of {}, {} {} passed over.", listing.classes[c], name,
                                 describe(others), total(others) == 1 ? "was" : "were"));
    else
      ++more;
  }
  if (more > 0)
    data.leave_out(fmt::format("Files in {} were passed over, too.", counted(more, "more class")));
}

Result<Dataset> load_source(const DataSpec& spec, ImageSource& source, const LoadWatch& watch,
                            LoadOptions options) {
  // What a builder does with an image's bytes, or without them.
  const auto with_bytes = [&source](DatasetBuilder& builder, const ListedImage& image, const auto& use) {
    const auto bytes = source.tree.read(image.file);
    if (bytes)
      use(*bytes);
    else
      builder.skip(bytes.error());
  };
  const auto add = [&](DatasetBuilder& builder, const ListedImage& image) {
    with_bytes(builder, image, [&](std::span<const std::byte> bytes) {
      builder.add_encoded(image.class_index, image.name, bytes);
    });
  };
  const auto load = [&]() { return load_images(spec, source.listing, add, watch, options); };
  if (options.digest == nullptr) {
    FL_TRY_LET(loaded, load());
    return std::move(loaded->data);
  }
  FL_TRY_LET(cache, DigestCache::open(spec, source, watch, options));
  if (auto known = cache->read()) {
    DatasetBuilder words(spec, source.listing.classes, {});
    for (const std::uint32_t place : known->remarked) {
      if (watch.stop.stop_requested()) return load_cancelled();
      const ListedImage& image = source.listing.images[place];
      with_bytes(words, image, [&](std::span<const std::byte> bytes) { words.look_at(image.name, bytes); });
    }
    const Dataset said = words.finish(colour_note(spec, words.channels(), {}));
    known->data.skipped = said.skipped;
    known->data.colour = said.colour;
    known->data.left_out = said.left_out;
    return std::move(known->data);
  }
  // Whoever finds the set later may want to look through it.
  options.thumbnails |= cache->keeps();
  FL_TRY_LET(loaded, load());
  cache->write(loaded->data, loaded->remarked);
  return std::move(loaded->data);
}

Result<Dataset> load_files(const DataSpec& spec, const fs::path& path, const LoadWatch& watch,
                           const LoadOptions& options) {
  std::shared_ptr<ImageSource> source = options.listed;
  if (source == nullptr) {
    FL_TRY_LET(opened, open_image_source(path, watch));
    source = std::make_shared<ImageSource>(*std::move(opened));
  }
  FL_TRY_LET(loaded, load_source(spec, *source, watch, options));
  const std::string name = printable(path.string());
  auto data =
      keep_usable_classes(*std::move(loaded), source->listing, spec, name, source->settings.has_value());
  if (!data) return data;
  say_notes(source->listing, name, *data);
  data->original = [source, mutex = std::make_shared<std::mutex>(),
                    places = data->places](std::size_t image) -> Result<Original> {
    const ListedImage& listed = source->listing.images[places[image]];
    const std::scoped_lock lock(*mutex);
    FL_TRY_LET(bytes, source->tree.read(listed.file));
    return Original(ImageFile{listed.name, *std::move(bytes)});
  };
  if (options.digest != nullptr) data->read_again = input_again(data->original, spec);
  return data;
}

}  // namespace

void Dataset::leave_out(std::string sentence) {
  log_warning("{}", sentence);
  left_out.push_back(std::move(sentence));
}

decltype(Dataset::read_again) input_again(decltype(Dataset::original) original, DataSpec spec) {
  return [original = std::move(original), spec = std::move(spec)](std::size_t image,
                                                                  std::span<float> pixels) -> Result<void> {
    FL_TRY_LET(found, original(image));
    return input_of(*std::move(found), spec, pixels);
  };
}

Result<void> check_class_count(std::size_t classes, std::string_view source) {
  if (classes <= kMaxClasses) return {};
  return error("{} has {} classes, but the limit is {}; leave some out.", source, classes, kMaxClasses);
}

Result<Dataset> load_dataset(const DataSpec& spec, const fs::path& base, std::uint64_t seed,
                             const LoadWatch& watch, const LoadOptions& options) {
  FL_TRY(check_spec(spec));
  if (spec.source == kPhantomSource) return load_phantoms(spec, seed, watch, options);
  if (spec.source.empty())
    return error(
        "The data source is empty; name a Teachable Machine project (.tm), a folder or a ZIP of class "
        "folders, or "
        "\"phantom\".");
  const fs::path path = base / spec.source;  // an absolute source stays as it is
  return load_files(spec, path, watch, options);
}

}  // namespace fl
