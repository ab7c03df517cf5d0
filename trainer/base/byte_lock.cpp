#include "trainer/base/byte_lock.h"

#include <cerrno>

#include <fcntl.h>

namespace fl {
namespace {

// Of the description, not of the process: two threads that opened the file each are two.
bool set_lock(const Descriptor& file, std::size_t first, std::size_t count, short kind, int how) {
  struct flock lock {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(first);
  lock.l_len = static_cast<off_t>(count);
  while (::fcntl(file.get(), how, &lock) != 0)
    if (errno != EINTR) return false;
  return true;
}

}  // namespace

ByteLock lock_bytes(const Descriptor& file, std::size_t first, std::size_t count) {
  if (set_lock(file, first, count, F_WRLCK, F_OFD_SETLK)) return ByteLock::kTaken;
  return errno == EAGAIN || errno == EACCES ? ByteLock::kOthers : ByteLock::kNone;
}

bool wait_for_bytes(const Descriptor& file, std::size_t first, std::size_t count) {
  return set_lock(file, first, count, F_WRLCK, F_OFD_SETLKW);
}

void unlock_bytes(const Descriptor& file, std::size_t first, std::size_t count) {
  set_lock(file, first, count, F_UNLCK, F_OFD_SETLK);
}

}  // namespace fl
