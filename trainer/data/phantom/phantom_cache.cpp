#include "trainer/data/phantom/phantom_cache.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>

#include "trainer/base/atomic_file.h"
#include "trainer/base/background.h"
#include "trainer/base/checksum.h"
#include "trainer/data/phantom/phantom.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kEnding = ".phantoms";

using Bytes = std::vector<std::byte>;

// The parts one after the other, each with its length before it.
template <typename T>
void put(Bytes& bytes, std::span<const T> part) {
  const std::uint64_t size = part.size_bytes();
  const auto head = std::as_bytes(std::span(&size, 1)), body = std::as_bytes(part);
  bytes.insert(bytes.end(), head.begin(), head.end());
  bytes.insert(bytes.end(), body.begin(), body.end());
}

class PartReader {
 public:
  explicit PartReader(std::span<const std::byte> bytes) : rest_(bytes) {}
  // The next part; nothing where it is not whole.
  std::optional<std::span<const std::byte>> next() {
    std::uint64_t size = 0;
    if (rest_.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, rest_.data(), sizeof size);
    rest_ = rest_.subspan(sizeof size);
    if (size > rest_.size()) return std::nullopt;
    const auto part = rest_.first(size);
    rest_ = rest_.subspan(size);
    return part;
  }
  // The next part into `values`; false where it has another size.
  template <typename T>
  bool next(std::span<T> values) {
    const auto part = next();
    if (!part || part->size() != values.size_bytes()) return false;
    std::ranges::copy(*part, std::as_writable_bytes(values).begin());
    return true;
  }

 private:
  std::span<const std::byte> rest_;
};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + '\n';
  return text;
}

std::vector<std::string> parted(std::span<const std::byte> bytes) {
  std::vector<std::string> names(1);
  for (const std::byte byte : bytes)
    if (const char c = static_cast<char>(byte); c == '\n')
      names.emplace_back();
    else
      names.back() += c;
  names.pop_back();
  return names;
}

std::string key_of(const DataSpec& spec, std::uint64_t seed, bool thumbnails) {
  const HuRange range = spec.colour_range.value_or(HuRange{});
  return fmt::format(
      "phantoms {} seed {} counts {} {} size {} channels {} window {:a} {:a} range {} {:a} {:a} thumbnails "
      "{}",
      kPhantomVersion, seed, spec.phantom_counts[0], spec.phantom_counts[1], spec.image_size, spec.channels,
      spec.window.level, spec.window.width, spec.colour_range.has_value(), range.low, range.high,
      thumbnails ? Thumbnails::kSide : 0);
}

}  // namespace

PhantomCache::PhantomCache(const LoadOptions& options, const DataSpec& spec, std::uint64_t seed)
    : spec_(spec),
      seed_(seed),
      thumbnails_(options.thumbnails),
      background_(options.background),
      key_(key_of(spec, seed, options.thumbnails)) {
  const std::size_t each = spec.shape().floats() * sizeof(float) + (thumbnails_ ? Thumbnails::kBytes : 0);
  if (options.phantom_cache.empty() || options.hounsfield || images() < kFewest ||
      images() > kMostFileBytes / each)
    return;
  file_ = options.phantom_cache /
          fmt::format("{:016x}{}", checksum(std::as_bytes(std::span(key_.data(), key_.size()))), kEnding);
}

std::size_t PhantomCache::images() const {
  return static_cast<std::size_t>(spec_.phantom_counts[0]) +
         static_cast<std::size_t>(spec_.phantom_counts[1]);
}

std::optional<Dataset> PhantomCache::read() const {
  if (file_.empty()) return std::nullopt;
  const auto bytes = read_file(file_, 2 * kMostFileBytes);
  if (!bytes || bytes->size() < sizeof(std::uint64_t)) return std::nullopt;
  const auto body = std::span(*bytes).first(bytes->size() - sizeof(std::uint64_t));
  std::uint64_t sum = 0;
  std::memcpy(&sum, body.data() + body.size(), sizeof sum);
  if (sum != checksum(body)) return std::nullopt;
  PartReader reader(body);
  const auto key = reader.next(), names = reader.next();
  if (!key || !names || !std::ranges::equal(*key, std::as_bytes(std::span(key_.data(), key_.size()))))
    return std::nullopt;
  Dataset data;
  data.classes.assign(kPhantomClasses.begin(), kPhantomClasses.end());
  data.shape = spec_.shape();
  data.names = parted(*names);
  data.pixels.resize(images() * data.shape.floats());
  data.labels.assign(images(), 1);
  std::fill_n(data.labels.begin(), spec_.phantom_counts[0], 0);
  if (data.names.size() != images() || !reader.next(std::span(data.pixels))) return std::nullopt;
  if (thumbnails_) {
    const auto sizes = reader.next(), block = reader.next();
    if (!sizes || !block || !data.thumbnails.set(images(), *sizes, *block)) return std::nullopt;
  }
  if (!is_drawn_so(data)) return std::nullopt;
  std::error_code code;
  fs::last_write_time(file_, fs::file_time_type::clock::now(), code);
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
  std::vector<float> pixels(data.shape.floats());
  return std::ranges::all_of(some, [&](std::size_t i) {
    const Phantom phantom = make_phantom(
        seed_, i < bleeding ? PhantomClass::kHemorrhage : PhantomClass::kNormal,
        static_cast<std::uint32_t>(i < bleeding ? i : i - bleeding), phantom_side_for(spec_.image_size));
    hounsfield_input(phantom.slice, spec_, pixels);
    return phantom.name == data.names[i] && std::ranges::equal(pixels, data.image(i));
  });
}

void PhantomCache::write(const Dataset& data) const {
  if (file_.empty() || !make_folder(file_.parent_path())) return;
  Bytes bytes;
  bytes.reserve(data.pixels.size() * sizeof(float) + data.thumbnails.block().size() + 128 * data.size());
  put(bytes, std::span<const char>(key_));
  const std::string names = joined(data.names);
  put(bytes, std::span<const char>(names));
  put(bytes, std::span<const float>(data.pixels));
  if (thumbnails_) {
    put(bytes, data.thumbnails.sizes());
    put(bytes, data.thumbnails.block());
  }
  if (background_ == nullptr) return save(std::move(bytes), {});
  background_->add([cache = *this, held = std::make_shared<Bytes>(std::move(bytes))](
                       const std::stop_token& stop) { cache.save(std::move(*held), stop); });
}

void PhantomCache::save(Bytes bytes, const std::stop_token& stop) const {
  const std::uint64_t sum = checksum(bytes);
  const auto end = std::as_bytes(std::span(&sum, 1));
  bytes.insert(bytes.end(), end.begin(), end.end());
  if (write_cache_file(file_, bytes, stop)) drop_oldest();
}

void PhantomCache::drop_oldest() const {
  struct Kept {
    fs::file_time_type used;
    std::size_t bytes;
    fs::path path;
  };
  std::vector<Kept> all;
  std::error_code code, ignored;
  for (fs::directory_iterator entry(file_.parent_path(), code); !code && entry != fs::directory_iterator();
       entry.increment(code))
    if (entry->path().extension() == kEnding && entry->is_regular_file(ignored))
      all.push_back({entry->last_write_time(ignored), entry->file_size(ignored), entry->path()});
  std::ranges::sort(all, std::ranges::greater(), &Kept::used);
  std::size_t sum = 0;
  for (const Kept& kept : all)
    if ((sum += kept.bytes) > kMostBytes && kept.path != file_) fs::remove(kept.path, ignored);
  // What a start that was killed left.
  sweep_leftovers(file_.parent_path(), [](const std::string& name) { return name.ends_with(kEnding); });
}

}  // namespace fl
