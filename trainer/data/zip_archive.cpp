#include "trainer/data/zip_archive.h"

#include <algorithm>
#include <fstream>

#include <zip.h>

#include "trainer/base/check.h"
#include "trainer/base/find_path.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

const char* save_again(ZipContent content) {
  return content == ZipContent::kProject ? "save the project again in Teachable Machine"
                                         : "pack the archive again";
}

// libzip calls a file without its last kilobyte "not a zip"; its first bytes tell a broken download from
// something else altogether.
Result<void> check_signature(const fs::path& path, const std::string& name, ZipContent content) {
  const auto status = find_path(path, name, "file", "check its name");
  if (!status) return status.error();
  if (!fs::is_regular_file(*status)) return error("{} is not a file; choose another.", name);
  std::ifstream file(path, std::ios::binary);
  char magic[2] = {};
  if (!file.read(magic, 2) && !file.eof()) return error("Cannot read {}; check its permissions.", name);
  const bool zip = magic[0] == 'P' && magic[1] == 'K';
  if (!zip && content == ZipContent::kImages)
    return error("{} is not a ZIP file; choose another, or the images themselves.", name);
  if (!zip)
    return error(
        "{} is not a ZIP file, as a Teachable Machine project is; choose a file saved with \"Download "
        "project as file\".",
        name);
  return {};
}

std::string reason(int code) {
  zip_error_t state;
  zip_error_init_with_code(&state, code);
  std::string text = zip_error_strerror(&state);
  zip_error_fini(&state);
  return text;
}

Result<ZipEntry> inspect_entry(zip* archive, std::uint64_t index, const std::string& file,
                               ZipContent content) {
  const char* again = save_again(content);
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0 ||
      stat.name == nullptr)
    return error("Entry {} of {} has an unreadable name; {}.", index, file, again);
  const std::string_view raw = stat.name;
  const bool flat = !raw.empty() && raw.find_first_of("/\\") == std::string_view::npos;
  if (!flat && content == ZipContent::kProject)
    return error("{} holds \"{}\", a folder or a path, which no Teachable Machine project does; {}.", file,
                 printable(raw), again);
  constexpr std::uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & kNeeded) != kNeeded)
    return error("\"{}\" in {} does not tell its size; {}.", printable(raw), file, again);
  if (stat.encryption_method != ZIP_EM_NONE)
    return error("\"{}\" in {} is encrypted; save it without a password.", printable(raw), file);
  if (stat.size > ZipArchive::kMaxEntryBytes)
    return error("\"{}\" in {} unpacks to {} bytes, more than the {} an image may have; leave it out.",
                 printable(raw), file, stat.size, ZipArchive::kMaxEntryBytes);
  return ZipEntry{printable(raw, 1024), static_cast<std::size_t>(stat.size)};
}

}  // namespace

void ZipArchive::Close::operator()(zip* archive) const noexcept {
  zip_discard(archive);
}

Result<ZipArchive> ZipArchive::open(const fs::path& path, ZipContent content) {
  const std::string name = printable(path.string());
  if (const auto signature = check_signature(path, name, content); !signature) return signature.error();
  int code = ZIP_ER_OK;
  ZipArchive result;
  result.archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!result.archive_)
    return error("{} is a damaged or truncated ZIP file ({}); copy it again, or {}.", name, reason(code),
                 save_again(content));

  const zip_int64_t count = zip_get_num_entries(result.archive_.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > kMaxEntries)
    return error("{} holds {} entries, more than the {} that are read; split it.", name, count, kMaxEntries);
  std::error_code ignored;
  const std::uintmax_t packed = fs::file_size(path, ignored);
  const std::uintmax_t by_ratio = ignored ? 0 : packed * kMaxRatio;
  const std::uintmax_t allowed =
      std::min<std::uintmax_t>(std::max<std::uintmax_t>(by_ratio, kAlwaysAllowedBytes), kMaxTotalBytes);
  std::uintmax_t total = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    auto entry = inspect_entry(result.archive_.get(), static_cast<std::uint64_t>(i), name, content);
    if (!entry) return entry.error();
    total += entry->size;
    if (total > allowed)
      return error(
          "{} unpacks to more than {} bytes, far beyond what {} bytes of images can hold; do not trust it.",
          name, allowed, packed);
    result.entries_.push_back(std::move(*entry));
  }
  return result;
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
