#pragma once
// A ZIP file, opened only after every entry's name and size was found harmless: nothing is read, and no
// memory taken, for an archive that would unpack to more than it should or outside its place.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "trainer/base/result.h"

struct zip;  // libzip's handle, so that its header stays in one source file

namespace fl {

struct ZipEntry {
  std::string name;      // UTF-8
  std::size_t size = 0;  // unpacked
};

// What an archive is opened for: a project is flat, as Teachable Machine saves it, and images may lie in
// folders.
enum class ZipContent { kProject, kImages };

class ZipArchive {
 public:
  static constexpr std::size_t kMaxEntries = 200'000;
  static constexpr std::size_t kMaxEntryBytes = std::size_t{32} << 20;
  static constexpr std::size_t kMaxTotalBytes = std::size_t{2} << 30;
  // Images are compressed already, so packing gains next to nothing; a bomb gains a thousandfold.
  static constexpr std::size_t kMaxRatio = 20;
  static constexpr std::size_t kAlwaysAllowedBytes = std::size_t{16} << 20;

  // Errors: cannot be read, not a ZIP, truncated, more than the bounds, encrypted; in a project, folders or
  // paths in names.
  static Result<ZipArchive> open(const std::filesystem::path& path,
                                 ZipContent content = ZipContent::kProject);

  [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }
  // The entry's bytes, its checksum verified. The error is a reason to put into a sentence.
  Result<std::vector<std::byte>> read(std::size_t index);

 private:
  struct Close {
    void operator()(zip* archive) const noexcept;
  };
  std::unique_ptr<zip, Close> archive_;
  std::vector<ZipEntry> entries_;
};

}  // namespace fl
