#include "trainer/data/digest_cache.h"

#include <algorithm>
#include <utility>

#include "trainer/base/checksum.h"
#include "trainer/data/image_digest.h"

namespace fl {
namespace {

// Rises with every change of how images are decoded and prepared, or of what a file keeps.
constexpr int kEmbeddingsVersion = 2;

std::uint64_t add_text(const std::string& text, std::uint64_t sum) {
  return checksum(std::as_bytes(std::span(text.data(), text.size())), sum);
}

std::string key_of(const DataSpec& spec, const ImageDigest& digest, std::size_t images,
                   std::uint64_t content) {
  const HuRange range = spec.colour_range.value_or(HuRange{});
  return fmt::format(
      "embeddings {} digest {:016x} size {} channels {} window {:a} {:a} range {} {:a} {:a} thumbnails {} "
      "images {} content {:016x}",
      kEmbeddingsVersion, digest.checksum(), spec.image_size, spec.channels, spec.window.level,
      spec.window.width, spec.colour_range.has_value(), range.low, range.high, Thumbnails::kSide, images,
      content);
}

// The values of a part, whatever their number.
std::optional<std::vector<std::uint32_t>> numbers_in(const std::optional<std::span<const std::byte>>& part) {
  if (!part || part->size() % sizeof(std::uint32_t) != 0) return std::nullopt;
  std::vector<std::uint32_t> values(part->size() / sizeof(std::uint32_t));
  std::ranges::copy(*part, std::as_writable_bytes(std::span(values)).begin());
  return values;
}

}  // namespace

Result<DigestCache> DigestCache::open(const DataSpec& spec, ImageSource& source, const LoadWatch& watch,
                                      const LoadOptions& options) {
  const auto& images = source.listing.images;
  DigestCache cache(source.listing, options.digest->shape());
  const std::size_t each = cache.shape_.floats() * sizeof(float) + Thumbnails::kBytes;
  if (options.cache.empty() || images.empty() || images.size() > KeptSet::kMostFileBytes / each) return cache;
  std::uint64_t content = 0;
  for (const std::string& name : source.listing.classes) content = add_text(name, content);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!watch.go_on(LoadPhase::kComparing, i, images.size())) return load_cancelled();
    const auto bytes = source.tree.read(images[i].file);
    const auto label = static_cast<std::uint64_t>(images[i].class_index);
    content = add_text(images[i].name, checksum(std::as_bytes(std::span(&label, 1)), content));
    content = bytes ? checksum(*bytes, content) : add_text(bytes.error().message, content);
  }
  cache.kept_ = KeptSet(options.cache, "embeddings", key_of(spec, *options.digest, images.size(), content),
                        options.background);
  return cache;
}

std::optional<DigestCache::Known> DigestCache::read() const {
  auto parts = kept_.read();
  if (!parts) return std::nullopt;
  auto places = numbers_in(parts->next()), remarked = numbers_in(parts->next());
  if (!places || !remarked) return std::nullopt;
  const auto listed = [this](std::uint32_t place) { return place < listing_->images.size(); };
  if (!std::ranges::all_of(*places, listed) || !std::ranges::all_of(*remarked, listed)) return std::nullopt;
  Known known{.data = {}, .remarked = *std::move(remarked)};
  Dataset& data = known.data;
  data.classes = listing_->classes;
  data.shape = shape_;
  data.pixels.resize(places->size() * shape_.floats());
  data.contents.resize(places->size());
  if (!parts->next(std::span(data.pixels)) || !parts->next(std::span(data.contents))) return std::nullopt;
  const auto sizes = parts->next(), block = parts->next();
  if (!sizes || !block || !data.thumbnails.set(places->size(), *sizes, *block)) return std::nullopt;
  for (const std::uint32_t place : *places) {
    data.labels.push_back(listing_->images[place].class_index);
    data.names.push_back(listing_->images[place].name);
  }
  data.places = *std::move(places);
  return known;
}

void DigestCache::write(const Dataset& data, std::span<const std::uint32_t> remarked) const {
  if (!kept_.keeps() || data.thumbnails.size() != data.size()) return;
  KeptParts parts =
      kept_.parts((data.places.size() + remarked.size()) * sizeof(std::uint32_t) +
                  data.pixels.size() * sizeof(float) + data.contents.size() * sizeof(std::uint64_t) +
                  data.thumbnails.sizes().size_bytes() + data.thumbnails.block().size_bytes());
  parts.put(std::span<const std::uint32_t>(data.places));
  parts.put(remarked);
  parts.put(std::span<const float>(data.pixels));
  parts.put(std::span<const std::uint64_t>(data.contents));
  parts.put(data.thumbnails.sizes());
  parts.put(data.thumbnails.block());
  kept_.write(std::move(parts));
}

}  // namespace fl
