#include "trainer/data/digest_cache.h"

#include <algorithm>
#include <utility>

#include "trainer/base/checksum.h"
#include "trainer/base/log.h"
#include "trainer/data/image_digest.h"

namespace fl {
namespace {

// Rises with every change of how images are decoded and prepared, or of what a file keeps.
constexpr int kEmbeddingsVersion = 3;

std::uint64_t add_text(const std::string& text, std::uint64_t sum) {
  return checksum(std::as_bytes(std::span(text.data(), text.size())), sum);
}

std::string key_of(const DataSpec& spec, const LoadOptions& options, std::size_t images,
                   std::uint64_t content) {
  const HuRange range = spec.colour_range.value_or(HuRange{});
  return fmt::format(
      "embeddings {} digest {:016x} mirrored {} size {} channels {} window {:a} {:a} range {} {:a} {:a} "
      "thumbnails {} images {} content {:016x}",
      kEmbeddingsVersion, options.digest->checksum(), options.mirrored, spec.image_size, spec.channels,
      spec.window.level, spec.window.width, spec.colour_range.has_value(), range.low, range.high,
      Thumbnails::kSide, images, content);
}

constexpr double kGigabyte = 1e9;

}  // namespace

DigestCache::DigestCache(const ClassListing& listing, const LoadOptions& options)
    : listing_(&listing),
      shape_(options.digest->shape()),
      mirrored_(options.mirrored),
      pictures_(listing.images.size() <= Thumbnails::kMost) {}

std::size_t DigestCache::bytes() const {
  const std::size_t numbers = shape_.floats() * sizeof(float);
  return listing_->images.size() *
         (numbers * (mirrored_ ? 2 : 1) + (pictures_ ? Thumbnails::kBytes : 0) + sizeof(std::uint64_t));
}

Result<DigestCache> DigestCache::open(const DataSpec& spec, ImageSource& source, const LoadWatch& watch,
                                      const LoadOptions& options) {
  const auto& images = source.listing.images;
  DigestCache cache(source.listing, options);
  if (options.cache.empty() || images.empty()) return cache;
  if (cache.bytes() > KeptSet::kMostFileBytes) {
    log_info(
        "What the backbone makes of {} images takes {:.1f} GB, more than the {:.1f} GB that are kept of "
        "a set, so the next start embeds them again.",
        images.size(), static_cast<double>(cache.bytes()) / kGigabyte,
        static_cast<double>(KeptSet::kMostFileBytes) / kGigabyte);
    return cache;
  }
  std::uint64_t content = 0;
  for (const std::string& name : source.listing.classes) content = add_text(name, content);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!watch.go_on(LoadPhase::kComparing, i, images.size())) return load_cancelled();
    const auto bytes = source.tree.read(images[i].file);
    const auto label = static_cast<std::uint64_t>(images[i].class_index);
    content = add_text(images[i].name, checksum(std::as_bytes(std::span(&label, 1)), content));
    content = bytes ? checksum(*bytes, content) : add_text(bytes.error().message, content);
  }
  cache.kept_ =
      KeptSet(options.cache, "embeddings", key_of(spec, options, images.size(), content), options.background);
  return cache;
}

std::optional<DigestCache::Known> DigestCache::read() const {
  auto file = kept_.read();
  if (!file) return std::nullopt;
  auto places = file->next<std::uint32_t>(), remarked = file->next<std::uint32_t>();
  if (!places || !remarked) return std::nullopt;
  const auto listed = [this](std::uint32_t place) { return place < listing_->images.size(); };
  if (!std::ranges::all_of(*places, listed) || !std::ranges::all_of(*remarked, listed)) return std::nullopt;
  Known known{.data = {}, .remarked = *std::move(remarked)};
  Dataset& data = known.data;
  data.classes = listing_->classes;
  data.shape = shape_;
  data.pixels.resize(places->size() * shape_.floats());
  data.mirrored.resize(mirrored_ ? data.pixels.size() : 0);
  data.contents.resize(places->size());
  if (!file->next(std::span(data.pixels)) || !file->next(std::span(data.mirrored)) ||
      !file->next(std::span(data.contents)))
    return std::nullopt;
  auto sizes = file->next<Thumbnails::Size>();
  auto block = file->next<std::uint8_t>();
  if (!sizes || !block ||
      !data.thumbnails.set(pictures_ ? places->size() : 0, *std::move(sizes), *std::move(block)))
    return std::nullopt;
  for (const std::uint32_t place : *places) {
    data.labels.push_back(listing_->images[place].class_index);
    data.names.push_back(listing_->images[place].name);
  }
  data.places = *std::move(places);
  return known;
}

void DigestCache::write(const Dataset& data, std::span<const std::uint32_t> remarked) const {
  if (!kept_.keeps() || data.thumbnails.size() != (pictures_ ? data.size() : 0)) return;
  KeptParts parts;
  parts.put(std::span<const std::uint32_t>(data.places));
  parts.put(remarked);
  parts.put(std::span<const float>(data.pixels));
  parts.put(std::span<const float>(data.mirrored));
  parts.put(std::span<const std::uint64_t>(data.contents));
  parts.put(data.thumbnails.sizes());
  parts.put(data.thumbnails.block());
  kept_.write(parts);
}

}  // namespace fl
