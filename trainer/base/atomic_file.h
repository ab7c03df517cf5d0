#pragma once
// Files a user keeps are written beside, synced and renamed: a full disk or a power cut leaves the old
// file or the new one, never half of one.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

// Replaces `path` with `bytes`. On failure the old file is untouched and the message names the path and why.
Result<void> write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view text);

// Several files that belong together: each is written beside its place and synced, and only when all of them are there
// do they take their places, one after the other. A full disk leaves none; a power cut between two renames leaves some,
// each of them whole.
class FileBatch {
 public:
  FileBatch() = default;
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;
  // What was not committed is gone.
  ~FileBatch();

  // Errors: as write_file_atomic; nothing takes its place then.
  Result<void> add(const std::filesystem::path& path, std::span<const std::byte> bytes);
  Result<void> add(const std::filesystem::path& path, std::string_view text);
  Result<void> commit();

 private:
  struct Waiting {
    std::filesystem::path beside, path;
  };
  std::vector<Waiting> waiting_;
};

// Whether write_file_atomic could begin: for asking before long work, not after it.
Result<void> check_writable(const std::filesystem::path& path);

// The whole file, refused above `max_bytes` before memory is taken.
Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes);
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

// Makes the folder and its parents. The message names the path and why it failed.
Result<void> make_folder(const std::filesystem::path& path);

}  // namespace fl
