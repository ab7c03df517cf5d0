#include "trainer/data/kept_set.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/checksum.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Whatever ends otherwise is not ours to remove.
constexpr std::array<std::string_view, 2> kEndings = {".phantoms", ".embeddings"};

bool ends_as_ours(const std::string& name) {
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

void KeptParts::add(std::span<const std::byte> part) {
  const std::uint64_t size = part.size();
  const auto head = std::as_bytes(std::span(&size, 1));
  bytes_.insert(bytes_.end(), head.begin(), head.end());
  bytes_.insert(bytes_.end(), part.begin(), part.end());
}

std::optional<std::span<const std::byte>> KeptParts::next() {
  const auto rest = std::span(bytes_).first(end_).subspan(at_);
  std::uint64_t size = 0;
  if (rest.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, rest.data(), sizeof size);
  if (size > rest.size() - sizeof size) return std::nullopt;
  at_ += sizeof size + size;
  return std::span<const std::byte>(rest.subspan(sizeof size, size));
}

bool KeptParts::next_into(std::span<std::byte> values) {
  const auto part = next();
  if (!part || part->size() != values.size()) return false;
  std::ranges::copy(*part, values.begin());
  return true;
}

KeptSet::KeptSet(const fs::path& folder, const std::string& kind, std::string key, Background* background)
    : key_(std::move(key)), background_(background) {
  if (folder.empty()) return;
  file_ =
      folder / fmt::format("{:016x}.{}", checksum(std::as_bytes(std::span(key_.data(), key_.size()))), kind);
  FL_CHECK(ends_as_ours(file_.string()));
}

std::optional<KeptParts> KeptSet::read() const {
  if (!keeps()) return std::nullopt;
  auto bytes = read_file(file_, 2 * kMostFileBytes);
  if (!bytes || bytes->size() < sizeof(std::uint64_t)) return std::nullopt;
  KeptParts parts;
  parts.bytes_ = *std::move(bytes);
  parts.end_ = parts.bytes_.size() - sizeof(std::uint64_t);
  std::uint64_t sum = 0;
  std::memcpy(&sum, parts.bytes_.data() + parts.end_, sizeof sum);
  if (sum != checksum(std::span(parts.bytes_).first(parts.end_))) return std::nullopt;
  const auto key = parts.next();
  if (!key || !std::ranges::equal(*key, std::as_bytes(std::span(key_.data(), key_.size()))))
    return std::nullopt;
  std::error_code code;
  fs::last_write_time(file_, fs::file_time_type::clock::now(), code);
  return parts;
}

KeptParts KeptSet::parts(std::size_t bytes) const {
  constexpr std::size_t kParts = 16;  // at most, for which there is room
  KeptParts parts;
  parts.bytes_.reserve(key_.size() + bytes + (kParts + 2) * sizeof(std::uint64_t));
  parts.put(key_);
  return parts;
}

void KeptSet::write(KeptParts parts) const {
  if (!keeps() || parts.bytes_.size() > 2 * kMostFileBytes || !make_folder(file_.parent_path())) return;
  if (background_ == nullptr) return save(std::move(parts.bytes_), {});
  background_->add([own = *this, held = std::make_shared<KeptParts>(std::move(parts))](
                       const std::stop_token& stop) { own.save(std::move(held->bytes_), stop); });
}

void KeptSet::save(std::vector<std::byte> bytes, const std::stop_token& stop) const {
  const std::uint64_t sum = checksum(bytes);
  const auto end = std::as_bytes(std::span(&sum, 1));
  bytes.insert(bytes.end(), end.begin(), end.end());
  if (write_cache_file(file_, bytes, stop)) drop_oldest();
}

void KeptSet::drop_oldest() const {
  struct Kept {
    fs::file_time_type used;
    std::size_t bytes;
    fs::path path;
  };
  std::vector<Kept> all;
  std::error_code code, ignored;
  for (fs::directory_iterator entry(file_.parent_path(), code); !code && entry != fs::directory_iterator();
       entry.increment(code))
    if (ends_as_ours(entry->path().filename().string()) && entry->is_regular_file(ignored))
      all.push_back({entry->last_write_time(ignored), entry->file_size(ignored), entry->path()});
  std::ranges::sort(all, std::ranges::greater(), &Kept::used);
  std::size_t sum = 0;
  for (const Kept& kept : all)
    if ((sum += kept.bytes) > kMostBytes && kept.path != file_) fs::remove(kept.path, ignored);
  // What a start that was killed left.
  sweep_leftovers(file_.parent_path(), ends_as_ours);
}

}  // namespace fl
