#pragma once
// A ZIP file, opened only after every entry's name and size was found harmless: nothing is read, and no
// memory taken, for an archive that would unpack to more than it should. Entries are never unpacked to disk,
// so their names may be any.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/load_watch.h"

struct zip;  // libzip's handle, so that its header stays in one source file

namespace fl {

struct ZipEntry {
  std::string name;      // UTF-8, with whatever separators and control characters it came with
  std::size_t size = 0;  // unpacked
};

class ZipArchive {
 public:
  static constexpr std::size_t kMaxEntries = 200'000;
  static constexpr std::size_t kMaxEntryBytes = std::size_t{32} << 20;
  static constexpr std::size_t kMaxTotalBytes = std::size_t{2} << 30;
  // Images are compressed already, so packing gains next to nothing; a bomb gains a thousandfold.
  static constexpr std::size_t kMaxRatio = 20;
  static constexpr std::size_t kAlwaysAllowedBytes = std::size_t{16} << 20;

  // Errors: cannot be read, not a ZIP, truncated, more than the bounds, encrypted; load_cancelled().
  static Result<ZipArchive> open(const std::filesystem::path& path, const LoadWatch& watch = {});

  [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }
  // What a person should know about the names, or nothing: one sentence.
  [[nodiscard]] const std::string& note() const { return note_; }
  // The entry's bytes, its checksum verified. The error is a reason to put into a sentence.
  Result<std::vector<std::byte>> read(std::size_t index);
  // The first `most` of them or all, unverified; none where they cannot be unpacked.
  std::vector<std::byte> read_head(std::size_t index, std::size_t most);

 private:
  struct Close {
    void operator()(zip* archive) const noexcept;
  };
  std::unique_ptr<zip, Close> archive_;
  // Names that are not in UTF-8, in what they are likely to be.
  void decode_names(const std::string& file, std::vector<std::size_t> odd);

  std::vector<ZipEntry> entries_;
  std::string note_;
};

}  // namespace fl
