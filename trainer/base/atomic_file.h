#pragma once
// Files a user keeps are written beside, synced and renamed: a full disk or a power cut leaves the old
// file or the new one, never half of one. A link is followed, and stays. What is not a regular file (a pipe, a device,
// standard output) cannot be replaced: it is written through.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/descriptor.h"
#include "trainer/base/result.h"

namespace fl {

// The name that means standard output, wherever a file is written; a file of that name is "./-".
inline constexpr const char* kStandardOutput = "-";
// Whether `path` is that name, or leads there: /dev/stdout, a link to it, the file that a shell sends it to.
bool is_standard_output(const std::filesystem::path& path);

// Where the links at the end of `path` lead, whether there is anything or not; `path` itself where it is no link.
std::filesystem::path link_target(const std::filesystem::path& path);

// `wanted`, or with the first number behind it that makes it a name of nothing: "rows.csv", "rows-2.csv".
std::filesystem::path free_path(const std::filesystem::path& wanted);

// Replaces `path` with `bytes`. On failure the old file is untouched and the message names the path and why.
Result<void> write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view text);

// The same for a file that can be made again and whose reader checks what it reads, as of a cache: it is not
// synced, so that it takes no time of a slow disk, and given up, with nothing left, when `stop` asks for it.
// `pieces`: what it holds, one after the other.
Result<void> write_cache_file(const std::filesystem::path& path,
                              std::span<const std::span<const std::byte>> pieces,
                              const std::stop_token& stop);
Result<void> write_cache_file(const std::filesystem::path& path, std::span<const std::byte> bytes,
                              const std::stop_token& stop);

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
    std::filesystem::path beside = {};  // empty where it is written through
    std::filesystem::path path = {};
    std::vector<std::byte> bytes = {};  // of what is written through
    Descriptor file = {};  // of what lies beside: held, its lock says that it is in use
  };
  std::vector<Waiting> waiting_;
};

// A file that is written by its path, as a library does, beside the one whose place it takes when it is
// whole.
class FileBeside {
 public:
  // Makes it, empty. Errors: as write_file_atomic.
  static Result<FileBeside> make(const std::filesystem::path& path);
  FileBeside(FileBeside&& other) noexcept;
  FileBeside& operator=(FileBeside&&) = delete;
  // What was not committed is gone.
  ~FileBeside();

  // Where to write it.
  [[nodiscard]] const std::filesystem::path& path() const { return beside_; }
  // Syncs it and gives it its place. Errors: as write_file_atomic; the old file is there then.
  Result<void> commit();

 private:
  FileBeside() = default;
  std::filesystem::path beside_, target_;
  Descriptor file_;  // its lock says that it is in use
};

// Whether write_file_atomic could begin: for asking before long work, not after it. What a killed process left beside
// `path` goes.
Result<void> check_writable(const std::filesystem::path& path);

// Removes from `folder` what processes that were killed left beside the files of the names `wanted`.
void sweep_leftovers(const std::filesystem::path& folder,
                     const std::function<bool(const std::string& name)>& wanted);

// The whole file, refused above `max_bytes` before memory is taken.
Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes);
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

// Makes the folder and its parents. The message names the path and why it failed.
Result<void> make_folder(const std::filesystem::path& path);

}  // namespace fl
