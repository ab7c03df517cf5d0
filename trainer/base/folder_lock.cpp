#include "trainer/base/folder_lock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "trainer/base/system_reason.h"

namespace fl {

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  FolderLock lock;
  lock.folder_ = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.folder_.get() < 0) return error("Cannot use the folder {}: {}.", folder.string(), system_reason(errno));
  if (::flock(lock.folder_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return error("Another program is writing to {}; wait until it ends, or choose another folder.",
                 folder.string());
  // Who held it before may have removed it.
  struct stat locked {}, there {};
  if (::fstat(lock.folder_.get(), &locked) != 0 || ::stat(folder.c_str(), &there) != 0 ||
      locked.st_ino != there.st_ino || locked.st_dev != there.st_dev)
    return error("The folder {} has just been removed; try again.", folder.string());
  return lock;
}

}  // namespace fl
