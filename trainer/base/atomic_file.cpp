#include "trainer/base/atomic_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fl {
namespace fs = std::filesystem;
namespace {

// A descriptor that closes itself; close errors matter only when writing and are checked there.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  int close_now() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

std::string reason(int code) {
  if (code == ENOSPC) return "the disk is full";
  if (code == EACCES || code == EPERM) return "permission denied";
  if (code == EROFS) return "the file system is read-only";
  if (code == ENOENT) return "no such file or folder";
  if (code == EISDIR) return "it is a folder";
  if (code == ENOTDIR) return "a part of that path is a file";
  return std::strerror(code);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe for known codes
}

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

fs::path place_beside(const fs::path& path) {
  fs::path beside = path;
  beside += fmt::format(".{}.part", ::getpid());
  return beside;
}

// The file beside `path`, new and empty. Whatever would keep it from taking its place later is an error now.
Result<Descriptor> open_beside(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code))
    return error("Cannot write {}: it is a folder; choose another name.", path.string());
  Descriptor file(::open(place_beside(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return error("Cannot write {}: {}; choose another place.", path.string(), reason(errno));
  return file;
}

}  // namespace

FileBatch::~FileBatch() {
  for (const Waiting& file : waiting_) ::unlink(file.beside.c_str());
}

Result<void> FileBatch::add(const fs::path& path, std::span<const std::byte> bytes) {
  auto file = open_beside(path);
  if (!file) return file.error();
  waiting_.push_back({place_beside(path), path});
  int failure = 0;
  if (!write_all(file->get(), bytes) || ::fsync(file->get()) != 0) failure = errno;
  if (file->close_now() != 0 && failure == 0) failure = errno;
  if (failure != 0) return error("Cannot write {}: {}; nothing was changed.", path.string(), reason(failure));
  return {};
}

Result<void> FileBatch::add(const fs::path& path, std::string_view text) {
  return add(path, as_bytes(text));
}

Result<void> FileBatch::commit() {
  while (!waiting_.empty()) {
    const Waiting& file = waiting_.front();
    if (::rename(file.beside.c_str(), file.path.c_str()) != 0)
      return error("Cannot write {}: {}; choose another place.", file.path.string(), reason(errno));
    waiting_.erase(waiting_.begin());
  }
  return {};
}

Result<void> write_file_atomic(const fs::path& path, std::span<const std::byte> bytes) {
  FileBatch one;
  if (auto done = one.add(path, bytes); !done) return done;
  return one.commit();
}

Result<void> write_file_atomic(const fs::path& path, std::string_view text) {
  return write_file_atomic(path, as_bytes(text));
}

Result<void> check_writable(const fs::path& path) {
  if (const auto file = open_beside(path); !file) return file.error();
  ::unlink(place_beside(path).c_str());
  return {};
}

Result<std::vector<std::byte>> read_file(const fs::path& path, std::size_t max_bytes) {
  // Non-blocking: a pipe must not hold us up before it is refused.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return error("Cannot read {}: {}.", path.string(), reason(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return error("Cannot read {}: {}.", path.string(), reason(errno));
  if (S_ISDIR(info.st_mode)) return error("Cannot read {}: it is a folder.", path.string());
  if (!S_ISREG(info.st_mode)) return error("Cannot read {}: it is not a regular file.", path.string());
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > max_bytes)
    return error("{} is {} bytes long, more than the {} bytes such a file may have.", path.string(), size,
                 max_bytes);
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("Cannot read {}: {}.", path.string(), reason(errno));
    if (count == 0) break;  // the file shrank meanwhile: what there is gets judged by its reader
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Result<std::string> read_text_file(const fs::path& path, std::size_t max_bytes) {
  auto bytes = read_file(path, max_bytes);
  if (!bytes) return bytes.error();
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

Result<void> make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code || !fs::is_directory(path, code))
    return error("Cannot make the folder {}: {}; choose another place.", path.string(),
                 code ? reason(code.value()) : "something else has that name");
  return {};
}

}  // namespace fl
