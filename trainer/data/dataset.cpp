#include "trainer/data/dataset.h"

#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/class_check.h"
#include "trainer/data/dataset_builder.h"
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
    FL_TRY(builder.reserve(all));
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
    FL_TRY_LET(opened, open_image_source(path, watch));
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
