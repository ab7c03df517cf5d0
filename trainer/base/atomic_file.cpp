#include "trainer/base/atomic_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/system_reason.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBesideEnding = ".part";
constexpr std::size_t kMostDigits = 16;     // of the random number between a file's name and that ending
constexpr std::size_t kMostNameBytes = 200;  // of that name: with the rest it stays within what a name may have
constexpr int kMostLinks = 40;

bool write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::optional<struct stat> status_of(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return info;
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Standard output or error, where `path` leads there and they can be written: opened a second time, a file would be
// written from its start once more.
std::optional<int> stream_of(const fs::path& path) {
  if (path == kStandardOutput) return STDOUT_FILENO;
  const auto info = status_of(path);
  struct stat stream {};
  if (info)
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
      if (::fstat(fd, &stream) == 0 && same(*info, stream) && (::fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
        return fd;
  return std::nullopt;
}

// Whether it can only be written through, not replaced: a pipe, a device, standard output; a file that is open and has
// lost its name.
bool written_through(const fs::path& path) {
  if (stream_of(path)) return true;
  const auto info = status_of(path);
  if (!info || S_ISDIR(info->st_mode)) return false;
  if (!S_ISREG(info->st_mode)) return true;
  const auto target = status_of(link_target(path));
  return !target || !same(*info, *target);
}

Result<void> write_through(const fs::path& path, std::span<const std::byte> bytes) {
  const auto failed = [&] {
    return error("Cannot write {}: {}.", path == kStandardOutput ? "to standard output" : path.string(),
                 system_reason(errno));
  };
  if (const auto stream = stream_of(path)) {
    std::fflush(stdout);  // what was said before stands before
    return write_all(*stream, bytes) ? Result<void>() : failed();
  }
  // A pipe waits for its reader here, as it does in a shell.
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0 || !write_all(file.get(), bytes)) return failed();
  return {};
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// What the files beside `path` begin with.
std::string beside_stem(const fs::path& path) {
  return path.filename().string().substr(0, kMostNameBytes);
}

struct Beside {
  fs::path path;
  Descriptor file;
};

// A file beside `target`, new, empty and locked for as long as it is open: a name that nobody can know beforehand, and
// nothing that was there is opened. Whatever would keep it from taking its place later is an error now.
// `named`: the path as the user knows it.
Result<Beside> open_beside(const fs::path& target, const fs::path& named) {
  const auto failed = [&](int code) {
    return error("Cannot write {}: {}; choose another place.", named.string(), system_reason(code));
  };
  const auto there = status_of(target);
  if (there && S_ISDIR(there->st_mode))
    return error("Cannot write {}: it is a folder; choose another name.", named.string());
  if (there && ::access(target.c_str(), W_OK) != 0) return failed(errno);
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) continue;
    Beside beside{folder_of(target) / fmt::format("{}.{:016x}{}", beside_stem(target), number, kBesideEnding), {}};
    beside.file = Descriptor(::open(beside.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (beside.file.get() < 0 && errno == EEXIST) continue;
    if (beside.file.get() < 0) return failed(errno);
    ::flock(beside.file.get(), LOCK_EX | LOCK_NB);
    struct stat made {};
    // Somebody who swept up may have been faster than the lock.
    if (::fstat(beside.file.get(), &made) != 0 || made.st_nlink == 0) continue;
    if (there && S_ISREG(there->st_mode)) ::fchmod(beside.file.get(), there->st_mode & 07777);
    return beside;
  }
  return failed(EEXIST);
}

// NAME of "NAME.<digits>.part"; nothing where it is not called so.
std::optional<std::string> swept_name(const std::string& name) {
  if (!name.ends_with(kBesideEnding)) return std::nullopt;
  const std::string rest = name.substr(0, name.size() - kBesideEnding.size());
  const std::size_t dot = rest.rfind('.');
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const std::string digits = rest.substr(dot + 1);
  const auto is_digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  if (digits.empty() || digits.size() > kMostDigits || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  return rest.substr(0, dot);
}

}  // namespace

fs::path link_target(const fs::path& path) {
  fs::path target = path;
  std::error_code code;
  for (int links = 0; links < kMostLinks && fs::is_symlink(target, code); ++links) {
    const fs::path next = fs::read_symlink(target, code);
    if (code) break;
    target = folder_of(target) / next;  // an absolute one stays as it is
  }
  return target;
}

bool is_standard_output(const fs::path& path) {
  return !path.empty() && stream_of(path) == STDOUT_FILENO;
}

FileBatch::~FileBatch() {
  for (const Waiting& file : waiting_)
    if (!file.beside.empty()) ::unlink(file.beside.c_str());
}

Result<void> FileBatch::add(const fs::path& path, std::span<const std::byte> bytes) {
  if (written_through(path)) {
    waiting_.push_back({.path = path, .bytes = {bytes.begin(), bytes.end()}});
    return {};
  }
  const fs::path target = link_target(path);
  FL_TRY_LET(beside, open_beside(target, path));
  const int fd = beside->file.get();
  waiting_.push_back({.beside = beside->path, .path = target, .file = std::move(beside->file)});
  if (write_all(fd, bytes) && ::fsync(fd) == 0) return {};
  return error("Cannot write {}: {}; nothing was changed.", path.string(), system_reason(errno));
}

Result<void> FileBatch::add(const fs::path& path, std::string_view text) {
  return add(path, as_bytes(text));
}

Result<void> FileBatch::commit() {
  // What is written through comes last: it cannot be taken back.
  std::stable_partition(waiting_.begin(), waiting_.end(), [](const Waiting& file) { return !file.beside.empty(); });
  while (!waiting_.empty()) {
    const Waiting& file = waiting_.front();
    if (file.beside.empty()) {
      if (auto written = write_through(file.path, file.bytes); !written) return written;
    } else if (::rename(file.beside.c_str(), file.path.c_str()) != 0) {
      return error("Cannot write {}: {}; choose another place.", file.path.string(), system_reason(errno));
    }
    waiting_.erase(waiting_.begin());
  }
  return {};
}

Result<FileBeside> FileBeside::make(const fs::path& path) {
  FileBeside made;
  made.target_ = link_target(path);
  FL_TRY_LET(beside, open_beside(made.target_, path));
  made.beside_ = beside->path;
  made.file_ = std::move(beside->file);
  return made;
}

FileBeside::FileBeside(FileBeside&& other) noexcept
    : beside_(std::exchange(other.beside_, {})),
      target_(std::move(other.target_)),
      file_(std::move(other.file_)) {}

FileBeside::~FileBeside() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Result<void> FileBeside::commit() {
  if (::fsync(file_.get()) != 0 || ::rename(beside_.c_str(), target_.c_str()) != 0)
    return error("Cannot write {}: {}.", target_.string(), system_reason(errno));
  beside_.clear();
  return {};
}

fs::path free_path(const fs::path& wanted) {
  std::error_code code;
  fs::path path = wanted;
  for (int number = 2; fs::exists(fs::symlink_status(path, code)); ++number) {
    path = wanted;
    path.replace_filename(wanted.stem());
    path += fmt::format("-{}", number);
    path += wanted.extension();
  }
  return path;
}

Result<void> write_file_atomic(const fs::path& path, std::span<const std::byte> bytes) {
  FileBatch one;
  if (auto done = one.add(path, bytes); !done) return done;
  return one.commit();
}

Result<void> write_file_atomic(const fs::path& path, std::string_view text) {
  return write_file_atomic(path, as_bytes(text));
}

Result<void> write_cache_file(const fs::path& path, std::span<const std::span<const std::byte>> pieces,
                              const std::stop_token& stop) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 20;
  const fs::path target = link_target(path);
  FL_TRY_LET(beside, open_beside(target, path));
  bool written = true, stopped = false;
  for (std::span<const std::byte> piece : pieces)
    while (!piece.empty() && written && !(stopped = stop.stop_requested())) {
      const auto part = piece.first(std::min(kAtOnce, piece.size()));
      written = write_all(beside->file.get(), part);
      piece = piece.subspan(part.size());
    }
  if (written && !stopped && ::rename(beside->path.c_str(), target.c_str()) == 0) return {};
  const int code = errno;
  ::unlink(beside->path.c_str());
  if (written && stopped) return error("{} was not written to its end.", path.string());
  return error("Cannot write {}: {}.", path.string(), system_reason(code));
}

Result<void> write_cache_file(const fs::path& path, std::span<const std::byte> bytes,
                              const std::stop_token& stop) {
  return write_cache_file(path, std::span(&bytes, 1), stop);
}

Result<void> check_writable(const fs::path& path) {
  if (stream_of(path)) return {};
  if (written_through(path)) {
    if (::access(path.c_str(), W_OK) == 0) return {};
    return error("Cannot write {}: {}; choose another place.", path.string(), system_reason(errno));
  }
  const fs::path target = link_target(path);
  sweep_leftovers(folder_of(target), [stem = beside_stem(target)](const std::string& name) { return name == stem; });
  FL_TRY_LET(beside, open_beside(target, path));
  ::unlink(beside->path.c_str());
  return {};
}

void sweep_leftovers(const fs::path& folder, const std::function<bool(const std::string& name)>& wanted) {
  std::error_code code;
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const auto name = swept_name(entry->path().filename().string());
    if (!name || !wanted(*name)) continue;
    const Descriptor file(::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    // Who is still writing it holds its lock.
    if (file.get() >= 0 && ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode) &&
        ::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
      ::unlink(entry->path().c_str());
  }
}

Result<std::vector<std::byte>> read_file(const fs::path& path, std::size_t max_bytes) {
  // Non-blocking: a pipe must not hold us up before it is refused.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return error("Cannot read {}: {}.", path.string(), system_reason(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return error("Cannot read {}: {}.", path.string(), system_reason(errno));
  if (S_ISDIR(info.st_mode)) return error("Cannot read {}: it is a folder.", path.string());
  if (!S_ISREG(info.st_mode)) return error("Cannot read {}: it is not a regular file.", path.string());
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > max_bytes)
    return error("{} is {} bytes long, more than the {} bytes allowed.", path.string(), size,
                 max_bytes);
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("Cannot read {}: {}.", path.string(), system_reason(errno));
    if (count == 0) break;  // the file shrank meanwhile: what there is gets judged by its reader
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Result<std::string> read_text_file(const fs::path& path, std::size_t max_bytes) {
  FL_TRY_LET(bytes, read_file(path, max_bytes));
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

Result<void> make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code || !fs::is_directory(path, code))
    return error("Cannot make the folder {}: {}; choose another place.", path.string(),
                 code ? system_reason(code.value()) : "something else already has that name");
  return {};
}

}  // namespace fl
