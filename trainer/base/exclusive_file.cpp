#include "trainer/base/exclusive_file.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "trainer/base/byte_lock.h"
#include "trainer/base/system_reason.h"

namespace fl {
namespace {

// Whether it is still the file of that name: who had the lock before may have put another one there.
bool has_its_name(const Descriptor& file, const std::filesystem::path& path) {
  struct stat locked {
  }, there{};
  return ::fstat(file.get(), &locked) == 0 && ::stat(path.c_str(), &there) == 0 &&
         locked.st_ino == there.st_ino && locked.st_dev == there.st_dev;
}

bool is_regular(const Descriptor& file) {
  struct stat about {};
  return ::fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode);
}

Error others_write(const std::filesystem::path& path) {
  return error("Another program is writing {}; wait until it ends, or choose another name.", path.string());
}

}  // namespace

Result<Descriptor> open_exclusive(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666));
  if (file.get() < 0) return error("Cannot write {}: {}.", path.string(), system_reason(errno));
  if (is_regular(file) && (lock_bytes(file, 0, 1) == ByteLock::kOthers || !has_its_name(file, path)))
    return others_write(path);
  return file;
}

Result<void> check_exclusive(const std::filesystem::path& path) {
  std::error_code code;
  // Whoever reads a pipe would take this for its end.
  if (!std::filesystem::is_regular_file(path, code)) return {};
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 || lock_bytes(file, 0, 1) != ByteLock::kOthers) return {};
  return others_write(path);
}

}  // namespace fl
