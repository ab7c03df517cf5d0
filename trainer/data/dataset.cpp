#include "trainer/data/dataset.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <system_error>
#include <thread>

#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/class_check.h"
#include "trainer/data/dataset_builder.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/phantom/phantom.h"
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

// Calls work(0) ... work(count - 1) on every core, in any order, until go_on(how many are done), called on
// this thread alone, is false; an exception of one reaches the caller. Whether all were done.
template <typename Work, typename GoOn>
bool for_each_index(std::size_t count, const Work& work, const GoOn& go_on) {
  std::atomic<std::size_t> next{0}, done{0};
  std::vector<std::future<void>> workers;
  const auto take = [&](const auto& after_each) {
    for (std::size_t index = next++; index < count; index = next++) {
      work(index);
      ++done;
      if (!after_each()) next = count;
    }
  };
  try {
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
      workers.push_back(std::async(std::launch::async, [&take] { take([] { return true; }); }));
  } catch (const std::system_error&) {  // no more threads to be had: those that there are take longer
  }
  take([&] { return go_on(done.load()); });
  for (auto& worker : workers) worker.get();
  return done == count && go_on(count);
}

// `coloured`: the image that called for colour where nobody had decided.
std::string colour_note(const DataSpec& asked, int channels, const std::string& coloured) {
  if (asked.colour_range)
    return fmt::format("colour: {} to {} HU are painted red", asked.colour_range->low,
                       asked.colour_range->high);
  if (asked.channels != kAutoChannels)
    return fmt::format("colour: images are read {}, as data.channels = {} says",
                       channels == 3 ? "in colour" : "as grey", channels);
  if (channels == 3)
    return fmt::format("colour: kept, because {} is coloured; data.channels = 1 makes all images grey",
                       coloured);
  return "colour: none in these images, so they are read as grey";
}

Result<Dataset> load_phantoms(const DataSpec& asked, std::uint64_t seed, const LoadWatch& watch,
                              const LoadOptions& options) {
  DataSpec spec = asked;
  if (spec.channels == kAutoChannels) spec.channels = spec.colour_range ? 3 : 1;
  const auto& counts = spec.phantom_counts;
  const auto out_of_range = [](int n) { return n < kFewestPhantoms || n > kMostPhantoms; };
  if (counts.size() != kPhantomClasses.size() || std::any_of(counts.begin(), counts.end(), out_of_range))
    return error(
        "The phantom counts must be {} numbers (hemorrhage, normal) from {} to {}; correct "
        "data.phantom_counts.",
        kPhantomClasses.size(), kFewestPhantoms, kMostPhantoms);
  const auto bleeding = static_cast<std::size_t>(counts[0]),
             all = bleeding + static_cast<std::size_t>(counts[1]);
  const int side = phantom_side_for(spec.image_size);
  DatasetBuilder builder(spec, {kPhantomClasses.begin(), kPhantomClasses.end()}, options);
  if (const auto fits = builder.reserve(all, side); !fits) return fits.error();
  const auto go_on = [&](std::size_t done) { return watch.go_on(LoadPhase::kPhantoms, done, all); };
  if (!go_on(0)) return load_cancelled();
  // Memory of a large set takes its time, too.
  for (std::size_t i = 0; i < all; ++i) {
    if (watch.stop.stop_requested()) return load_cancelled();
    builder.add_blank(i < bleeding ? 0 : 1);
  }
  const auto make = [&](std::size_t i) {
    const PhantomClass kind = i < bleeding ? PhantomClass::kHemorrhage : PhantomClass::kNormal;
    const auto number = static_cast<std::uint32_t>(i < bleeding ? i : i - bleeding);
    auto phantom = make_phantom(seed, kind, number, side, watch.stop);
    if (phantom) builder.fill(i, std::move(phantom->name), phantom->slice);
  };
  if (!for_each_index(all, make, go_on)) return load_cancelled();
  return builder.finish(colour_note(asked, spec.channels, {}));
}

// `add` gives one of `images` to a builder. Where nobody says whether there is colour, one image of each
// class tells it most often; else a coloured one that comes late turns all into colour.
template <typename Add>
Result<Dataset> load_images(const DataSpec& asked, const ClassListing& listing, const Add& add,
                            const LoadWatch& watch, const LoadOptions& options) {
  const std::size_t all = listing.images.size();
  if (!watch.go_on(LoadPhase::kReading, 0, all)) return load_cancelled();
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
        if (!watch.go_on(LoadPhase::kReading, 0, all)) return load_cancelled();
      }
      seen[c] = true;
      coloured = probe.coloured();
    }
    if (!coloured.empty()) spec.channels = 3;
  }
  for (;;) {
    DatasetBuilder builder(spec, listing.classes, options);
    if (const auto fits = builder.reserve(all); !fits) return fits.error();
    std::size_t done = 0;
    for (const ListedImage& image : listing.images) {
      add(builder, image);
      if (!watch.go_on(LoadPhase::kReading, ++done, all)) return load_cancelled();
      if (builder.must_start_again()) break;
    }
    if (!builder.coloured().empty()) coloured = builder.coloured();
    if (!builder.must_start_again()) return builder.finish(colour_note(asked, builder.channels(), coloured));
    spec.channels = 3;
  }
}

// What is not in the data set, and what a person may not expect to be.
void say_notes(const ClassListing& listing, const std::string& name) {
  for (const std::string& note : listing.notes) log_warning("{}", note);
  int said = 0;
  std::size_t more = 0;
  for (std::size_t c = 0; c < listing.classes.size(); ++c) {
    const EndingCounts& others = listing.passed_over[c];
    if (others.empty()) continue;
    if (said++ < kNamedClasses)
      log_warning("In the class \"{}\" of {}, {} {} passed over.", listing.classes[c], name, describe(others),
                  total(others) == 1 ? "was" : "were");
    else
      ++more;
  }
  if (more > 0) log_warning("Files in {} were passed over, too.", counted(more, "more class"));
}

Result<Dataset> load_files(const DataSpec& spec, const fs::path& path, const LoadWatch& watch,
                           const LoadOptions& options) {
  std::optional<ImageSource> own;
  if (options.listed == nullptr) {
    auto opened = open_image_source(path, watch);
    if (!opened) return opened.error();
    own.emplace(*std::move(opened));
  }
  ImageSource* source = own ? &*own : options.listed;
  const auto add = [source](DatasetBuilder& builder, const ListedImage& image) {
    const auto bytes = source->tree.read(image.file);
    if (bytes)
      builder.add_encoded(image.class_index, image.name, *bytes);
    else
      builder.skip(bytes.error());
  };
  auto loaded = load_images(spec, source->listing, add, watch, options);
  if (!loaded) return loaded;
  const std::string name = printable(path.string());
  auto data =
      keep_usable_classes(*std::move(loaded), source->listing, spec, name, source->settings.has_value());
  if (data) say_notes(source->listing, name);
  return data;
}

}  // namespace

Result<void> check_class_count(std::size_t classes, std::string_view source) {
  if (classes <= kMaxClasses) return {};
  return error("{} has {} classes, but the limit is {}; leave some out.", source, classes, kMaxClasses);
}

Result<Dataset> load_dataset(const DataSpec& spec, const fs::path& base, std::uint64_t seed,
                             const LoadWatch& watch, const LoadOptions& options) {
  if (const auto valid = check_spec(spec); !valid) return valid.error();
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
