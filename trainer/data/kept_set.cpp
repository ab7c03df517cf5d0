#include "trainer/data/kept_set.h"

#include <algorithm>
#include <array>
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

// A part in a file: its bytes, their number before them, their checksum behind them.
KeptFile::KeptFile(const fs::path& path, std::size_t most) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code || size > most) return;
  file_.open(path, std::ios::binary);
  if (file_) left_ = static_cast<std::size_t>(size);
}

std::optional<std::size_t> KeptFile::next_size() {
  std::uint64_t size = 0;
  if (left_ < 2 * sizeof size || !file_.read(reinterpret_cast<char*>(&size), sizeof size))
    return std::nullopt;
  left_ -= 2 * sizeof size;
  if (size > left_) return std::nullopt;
  left_ -= static_cast<std::size_t>(size);
  return static_cast<std::size_t>(size);
}

bool KeptFile::take(std::span<std::byte> values) {
  std::uint64_t sum = 0;
  file_.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size()));
  return file_.read(reinterpret_cast<char*>(&sum), sizeof sum) && sum == checksum(values);
}

KeptSet::KeptSet(const fs::path& folder, const std::string& kind, std::string key, Background* background)
    : key_(std::move(key)), background_(background) {
  if (folder.empty()) return;
  file_ =
      folder / fmt::format("{:016x}.{}", checksum(std::as_bytes(std::span(key_.data(), key_.size()))), kind);
  FL_CHECK(ends_as_ours(file_.string()));
}

std::optional<KeptFile> KeptSet::read() const {
  if (!keeps()) return std::nullopt;
  KeptFile file(file_, 2 * kMostFileBytes);
  const auto key = file.next<char>();
  if (!key || !std::ranges::equal(*key, key_)) return std::nullopt;
  std::error_code code;
  fs::last_write_time(file_, fs::file_time_type::clock::now(), code);
  return file;
}

void KeptSet::write(const KeptParts& parts) const {
  if (!keeps()) return;
  KeptParts all;
  all.put(key_);
  all.parts_.insert(all.parts_.end(), parts.parts_.begin(), parts.parts_.end());
  std::vector<std::uint64_t> numbers;  // before and behind each part
  numbers.reserve(2 * all.parts_.size());
  Pieces pieces;
  std::size_t bytes = 0;
  const auto put = [&](std::span<const std::byte> piece) {
    pieces.push_back(piece);
    bytes += piece.size();
  };
  const auto put_number = [&](std::uint64_t number) {
    numbers.push_back(number);
    put(std::as_bytes(std::span(&numbers.back(), 1)));
  };
  for (const auto part : all.parts_) {
    put_number(part.size());
    put(part);
    put_number(checksum(part));
  }
  if (bytes > 2 * kMostFileBytes || !make_folder(file_.parent_path())) return;
  if (background_ == nullptr || bytes > kMostCopiedBytes) return save(pieces, {});
  const auto copy = std::make_shared<std::vector<std::byte>>();
  copy->reserve(bytes);
  for (const auto piece : pieces) copy->insert(copy->end(), piece.begin(), piece.end());
  background_->add([own = *this, copy](const std::stop_token& stop) { own.save({*copy}, stop); });
}

void KeptSet::save(const Pieces& pieces, const std::stop_token& stop) const {
  if (write_cache_file(file_, pieces, stop)) drop_oldest();
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
