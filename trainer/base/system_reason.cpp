#include "trainer/base/system_reason.h"

#include <cerrno>
#include <cstring>

namespace fl {

std::string system_reason(int code) {
  switch (code) {
    case ENOSPC:
      return "the disk is full";
    case EDQUOT:
      return "the disk quota is used up";
    case EFBIG:
      return "the file would exceed the size limit (see \"ulimit -f\")";
    case EACCES:
    case EPERM:
      return "permission denied";
    case EROFS:
      return "the file system is read-only";
    case ENOENT:
      return "no such file or folder";
    case EISDIR:
      return "it is a folder";
    case ENOTDIR:
      return "part of the path is a file, not a folder";
    case ELOOP:
      return "its links form a loop";
    case EPIPE:
      return "no program reads it any more";
    case EBADF:
      return "it is closed";
    default:
      return std::strerror(code);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe for known codes
  }
}

}  // namespace fl
