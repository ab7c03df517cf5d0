#pragma once
// Locks on bytes of a file, which tell processes, and threads that opened it each, what another one has. They
// are the kernel's and end with the description of the open file, however its process ends.

#include <cstddef>

#include "trainer/base/descriptor.h"

namespace fl {

enum class ByteLock {
  kTaken,
  kOthers,  // another one has some of the bytes
  kNone,    // this file cannot be locked; errno says why
};

// `file` is open for writing. `count` 0: all bytes from `first` on; the file need not have them.
[[nodiscard]] ByteLock lock_bytes(const Descriptor& file, std::size_t first, std::size_t count);
// The same, and waits for whoever has them. False: this file cannot be locked; errno says why.
bool wait_for_bytes(const Descriptor& file, std::size_t first, std::size_t count);
void unlock_bytes(const Descriptor& file, std::size_t first, std::size_t count);

}  // namespace fl
