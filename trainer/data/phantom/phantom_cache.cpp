#include "trainer/data/phantom/phantom_cache.h"

#include <algorithm>
#include <set>
#include <utility>

#include "trainer/data/image_digest.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/data/phantom/phantom_set.h"

namespace fl {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + '\n';
  return text;
}

std::vector<std::string> parted(std::span<const char> text) {
  std::vector<std::string> names(1);
  for (const char c : text)
    if (c == '\n')
      names.emplace_back();
    else
      names.back() += c;
  names.pop_back();
  return names;
}

std::string key_of(const DataSpec& spec, std::uint64_t seed, const LoadOptions& options) {
  const HuRange range = spec.colour_range.value_or(HuRange{});
  std::string key = fmt::format(
      "phantoms {} seed {} counts {} {} size {} channels {} window {:a} {:a} range {} {:a} {:a} thumbnails "
      "{}",
      kPhantomVersion, seed, spec.phantom_counts[0], spec.phantom_counts[1], spec.image_size, spec.channels,
      spec.window.level, spec.window.width, spec.colour_range.has_value(), range.low, range.high,
      options.thumbnails ? Thumbnails::kSide : 0);
  if (options.digest != nullptr) key += fmt::format(" digest {:016x}", options.digest->checksum());
  if (options.mirrored) key += " mirrored";
  return key;
}

}  // namespace

PhantomCache::PhantomCache(const LoadOptions& options, const DataSpec& spec, std::uint64_t seed)
    : spec_(spec),
      seed_(seed),
      thumbnails_(options.thumbnails && images() <= Thumbnails::kMost),
      mirrored_(options.mirrored),
      digest_(options.digest) {
  const std::size_t each =
      kept_shape().floats() * sizeof(float) * (mirrored_ ? 2 : 1) + (thumbnails_ ? Thumbnails::kBytes : 0);
  if (options.hounsfield || images() < kFewest || images() > KeptSet::kMostFileBytes / each) return;
  kept_ = KeptSet(options.cache, "phantoms", key_of(spec, seed, options), options.background);
}

ImageShape PhantomCache::kept_shape() const {
  return digest_ != nullptr ? digest_->shape() : spec_.shape();
}

std::size_t PhantomCache::images() const {
  return static_cast<std::size_t>(spec_.phantom_counts[0]) +
         static_cast<std::size_t>(spec_.phantom_counts[1]);
}

std::optional<Dataset> PhantomCache::read() const {
  auto file = kept_.read();
  const auto names = file ? file->next<char>() : std::nullopt;
  if (!names) return std::nullopt;
  Dataset data;
  data.classes.assign(kPhantomClasses.begin(), kPhantomClasses.end());
  data.shape = kept_shape();
  data.names = parted(*names);
  data.pixels.resize(images() * data.shape.floats());
  data.mirrored.resize(mirrored_ ? data.pixels.size() : 0);
  data.labels.assign(images(), 1);
  std::fill_n(data.labels.begin(), spec_.phantom_counts[0], 0);
  if (data.names.size() != images() || !file->next(std::span(data.pixels))) return std::nullopt;
  if (mirrored_ && !file->next(std::span(data.mirrored))) return std::nullopt;
  if (thumbnails_) {
    auto sizes = file->next<Thumbnails::Size>();
    auto block = file->next<std::uint8_t>();
    if (!sizes || !block || !data.thumbnails.set(images(), *std::move(sizes), *std::move(block)))
      return std::nullopt;
  }
  if (!is_drawn_so(data)) return std::nullopt;
  return data;
}

// One of each kind of haemorrhage, and the first and the last of each class.
bool PhantomCache::is_drawn_so(const Dataset& data) const {
  const auto bleeding = static_cast<std::size_t>(spec_.phantom_counts[0]);
  std::set<std::size_t> some{0, bleeding - 1, bleeding, images() - 1};
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < bleeding; ++i)
    if (kinds.insert(data.names[i].substr(std::min(data.names[i].find(','), data.names[i].size()))).second)
      some.insert(i);
  std::vector<float> pixels(spec_.shape().floats()), kept(data.shape.floats());
  return std::ranges::all_of(some, [&](std::size_t i) {
    const Phantom phantom = numbered_phantom(spec_, seed_, i);
    hounsfield_input(phantom.slice, spec_, pixels);
    if (digest_ != nullptr)
      digest_->digest(pixels, kept);
    else
      kept = pixels;
    return phantom.name == data.names[i] && std::ranges::equal(kept, data.image(i));
  });
}

void PhantomCache::write(const Dataset& data) const {
  if (!kept_.keeps()) return;
  const std::string names = joined(data.names);
  KeptParts parts;
  parts.put(names);
  parts.put(std::span<const float>(data.pixels));
  if (mirrored_) parts.put(std::span<const float>(data.mirrored));
  if (thumbnails_) {
    parts.put(data.thumbnails.sizes());
    parts.put(data.thumbnails.block());
  }
  kept_.write(parts);
}

}  // namespace fl
