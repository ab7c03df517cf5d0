#pragma once
// A file that is written in place, by one program at a time: its first byte is locked meanwhile.

#include <filesystem>

#include "trainer/base/descriptor.h"
#include "trainer/base/result.h"

namespace fl {

// Opens the file for writing, or makes it, and locks it as long as the descriptor lives; what is in it stays.
// Where the file system has no locks, and of what is no regular file, nothing is held. Errors: another
// program writes it; why it cannot be opened.
Result<Descriptor> open_exclusive(const std::filesystem::path& path);

// Whether open_exclusive() could have it now, for asking before long work; nothing is made. Error: another
// program writes it.
Result<void> check_exclusive(const std::filesystem::path& path);

}  // namespace fl
