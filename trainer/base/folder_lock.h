#pragma once
// Keeps two processes from writing into one folder at the same time. The lock is the kernel's (flock on the folder
// itself): it leaves no file, and it ends with its process, however that ends.

#include <filesystem>

#include "trainer/base/descriptor.h"
#include "trainer/base/result.h"

namespace fl {

class FolderLock {
 public:
  // Holds nothing.
  FolderLock() = default;
  // Holds `folder`, which must be there, until the object goes. Where the file system has no locks, nothing is held.
  // Errors: another process holds it, or it cannot be opened.
  static Result<FolderLock> take(const std::filesystem::path& folder);

 private:
  Descriptor folder_;
};

}  // namespace fl
