#pragma once
// Where the program lies, and beside it what it loads and reads.

#include <filesystem>

namespace fl {

// Wherever it was moved to and through whatever links it was called. By what the system was asked to start
// where there is no /proc.
std::filesystem::path program_folder();

}  // namespace fl
