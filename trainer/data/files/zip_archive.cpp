#include "trainer/data/files/zip_archive.h"

#include <algorithm>
#include <fstream>

#include <zip.h>

#include "trainer/base/check.h"
#include "trainer/base/find_path.h"
#include "trainer/base/printable.h"
#include "trainer/base/utf8.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/files/name_charset.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kAgain = "save or pack it again";

// libzip calls a file without its last kilobyte "not a zip"; its first bytes tell a broken download from
// something else altogether.
Result<void> check_signature(const fs::path& path, const std::string& name) {
  FL_TRY_LET(status, find_path(path, name, "file", "check its name"));
  if (!fs::is_regular_file(*status)) return error("{} is not a file; choose another.", name);
  std::ifstream file(path, std::ios::binary);
  char magic[2] = {};
  if (!file.read(magic, 2) && !file.eof()) return error("Cannot read {}; check its permissions.", name);
  const bool zip = magic[0] == 'P' && magic[1] == 'K';
  if (!zip) return error("{} is not a ZIP file, which every Teachable Machine project is; choose another.", name);
  return {};
}

std::string reason(int code) {
  zip_error_t state;
  zip_error_init_with_code(&state, code);
  std::string text = zip_error_strerror(&state);
  zip_error_fini(&state);
  return text;
}

Result<ZipEntry> inspect_entry(zip* archive, std::uint64_t index, const std::string& file) {
  zip_stat_t stat;
  const char* name = zip_get_name(archive, index, ZIP_FL_ENC_RAW);
  if (name == nullptr || zip_stat_index(archive, index, 0, &stat) != 0)
    return error("Entry {} of {} has an unreadable name; {}.", index, file, kAgain);
  const std::string_view raw = name;
  constexpr std::uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & kNeeded) != kNeeded)
    return error("\"{}\" in {} does not give its size; {}.", printable(raw), file, kAgain);
  if (stat.encryption_method != ZIP_EM_NONE)
    return error("\"{}\" in {} is encrypted; save it without a password.", printable(raw), file);
  if (stat.size > ZipArchive::kMaxEntryBytes)
    return error("\"{}\" in {} unpacks to {} bytes, but the limit for an image is {}; leave it out.",
                 printable(raw), file, stat.size, ZipArchive::kMaxEntryBytes);
  return ZipEntry{std::string(raw), static_cast<std::size_t>(stat.size)};
}

}  // namespace

void ZipArchive::Close::operator()(zip* archive) const noexcept {
  zip_discard(archive);
}

Result<ZipArchive> ZipArchive::open(const fs::path& path, const LoadWatch& watch) {
  const std::string name = printable(path.string());
  FL_TRY(check_signature(path, name));
  int code = ZIP_ER_OK;
  ZipArchive result;
  result.archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!result.archive_)
    return error("{} is a damaged or truncated ZIP file ({}); copy it again, or pack it anew.", name,
                 reason(code));

  const zip_int64_t count = zip_get_num_entries(result.archive_.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > kMaxEntries)
    return error("{} holds {} entries, but the limit is {}; split it.", name, count, kMaxEntries);
  std::error_code ignored;
  const std::uintmax_t packed = fs::file_size(path, ignored);
  const std::uintmax_t by_ratio = ignored ? 0 : packed * kMaxRatio;
  const std::uintmax_t allowed =
      std::min<std::uintmax_t>(std::max<std::uintmax_t>(by_ratio, kAlwaysAllowedBytes), kMaxTotalBytes);
  std::uintmax_t total = 0;
  std::vector<std::size_t> odd;
  for (zip_int64_t i = 0; i < count; ++i) {
    if (!watch.go_on(LoadPhase::kListing, static_cast<std::size_t>(i), static_cast<std::size_t>(count)))
      return load_cancelled();
    FL_TRY_LET(entry, inspect_entry(result.archive_.get(), static_cast<std::uint64_t>(i), name));
    total += entry->size;
    if (total > allowed)
      return error(
          "{} unpacks to more than {} bytes, far more than {} bytes of images can hold; do not trust it.",
          name, allowed, packed);
    if (!is_utf8(entry->name)) odd.push_back(static_cast<std::size_t>(i));
    result.entries_.push_back(std::move(*entry));
  }
  if (!odd.empty()) result.decode_names(name, std::move(odd));
  return result;
}

void ZipArchive::decode_names(const std::string& file, std::vector<std::size_t> odd) {
  std::vector<std::string> names;
  for (const std::size_t i : odd) names.push_back(entries_[i].name);
  names = decode_japanese(names);
  const bool japanese = !names.empty();
  for (std::size_t n = 0; n < odd.size(); ++n) {
    // libzip's guess for what is not UTF-8 is the one that the ZIP format names.
    const char* guess = zip_get_name(archive_.get(), odd[n], ZIP_FL_ENC_GUESS);
    if (japanese)
      entries_[odd[n]].name = std::move(names[n]);
    else if (guess != nullptr)
      entries_[odd[n]].name = guess;
  }
  note_ = fmt::format(
      "{} in {} {} not in UTF-8 and {} read as {}; if any looks wrong, pack the archive again with a tool that "
      "writes UTF-8.",
      counted(odd.size(), "name"), file, odd.size() == 1 ? "is" : "are", odd.size() == 1 ? "was" : "were", japanese ? "Japanese (CP932)" : "Western European (CP437)");
}

std::vector<std::byte> ZipArchive::read_head(std::size_t index, std::size_t most) {
  FL_CHECK(index < entries_.size());
  const std::unique_ptr<zip_file_t, decltype([](zip_file_t* f) { zip_fclose(f); })> file(
      zip_fopen_index(archive_.get(), index, 0));
  std::vector<std::byte> bytes(std::min(most, entries_[index].size));
  const zip_int64_t got = file ? zip_fread(file.get(), bytes.data(), bytes.size()) : 0;
  bytes.resize(static_cast<std::size_t>(std::max<zip_int64_t>(got, 0)));
  return bytes;
}

Result<std::vector<std::byte>> ZipArchive::read(std::size_t index) {
  FL_CHECK(index < entries_.size());
  const std::unique_ptr<zip_file_t, decltype([](zip_file_t* f) { zip_fclose(f); })> file(
      zip_fopen_index(archive_.get(), index, 0));
  if (!file) return error("{}", zip_strerror(archive_.get()));
  std::vector<std::byte> bytes(entries_[index].size);
  std::size_t done = 0;
  // One read beyond the end: that is when libzip compares the checksum, and when a false size shows.
  for (std::byte beyond{};;) {
    const bool whole = done == bytes.size();
    const zip_int64_t got =
        zip_fread(file.get(), whole ? &beyond : bytes.data() + done, whole ? 1 : bytes.size() - done);
    if (got < 0) return error("{}", zip_file_strerror(file.get()));
    if (got == 0 && !whole) return error("it ends too early");
    if (got == 0) return bytes;
    if (whole) return error("it is longer than the archive says");
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace fl
