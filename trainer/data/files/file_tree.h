#pragma once
// Files in a folder or in a ZIP, told apart by content and read the same way.

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/counted.h"
#include "trainer/base/result.h"
#include "trainer/data/files/file_kind.h"
#include "trainer/data/files/zip_archive.h"
#include "trainer/data/load_watch.h"

namespace fl {

// How many files of each ending were not read: ".dcm" in small letters. Those without one go by what they
// hold, as "DICOM file", or by "".
using EndingCounts = std::map<std::string, int>;
// What pictures that this program drew go by.
inline constexpr const char* kOwnPicture = "picture drawn by Fall Line";

inline constexpr std::size_t kMaxImageFileBytes = std::size_t{256} << 20;

// "30 .webp files, 2 .txt files and 1 file without an extension".
std::string describe(const EndingCounts& counts);
int total(const EndingCounts& counts);

class FileTree {
 public:
  // Errors: nothing there, cannot be listed, neither a folder nor a ZIP (the sentence says what it is and
  // what to do), what ZipArchive::open refuses, load_cancelled().
  static Result<FileTree> open(const std::filesystem::path& path, const LoadWatch& watch = {});

  // Of each file where it lies within the tree, as it was written: in a folder sorted and without what is
  // hidden, in an archive in the archive's order and with everything.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
  // The folders, where the tree is one; in an archive they are paths with a separator at the end.
  [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }
  [[nodiscard]] bool is_archive() const { return archive_.has_value(); }
  [[nodiscard]] const std::filesystem::path& place() const { return place_; }
  // What a person should know about how it was read.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  // `paths()[index]` with / between folders and without a leading one.
  [[nodiscard]] std::string clean_path(std::size_t index) const;
  // The bytes of paths()[index]. Errors: a sentence that names the file.
  Result<std::vector<std::byte>> read(std::size_t index);
  // Whether it is an image: called one, or without being called so, one by its first bytes; pictures that this program
  // drew are none.
  [[nodiscard]] bool is_image(std::size_t index);
  // What EndingCounts calls it.
  [[nodiscard]] std::string ending(std::size_t index);

 private:
  [[nodiscard]] FileKind kind_of(std::size_t index);

  std::filesystem::path place_;
  std::vector<std::string> paths_, folders_, notes_;
  std::optional<ZipArchive> archive_;
};

}  // namespace fl
