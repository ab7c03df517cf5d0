#pragma once
// Where this program keeps what is its own, as the XDG Base Directory Specification places it.

#include <filesystem>

namespace fl {

// For what it can make again. It need not exist. Empty where the user has none.
[[nodiscard]] std::filesystem::path cache_folder();
// For what it remembers: the same.
[[nodiscard]] std::filesystem::path state_folder();

}  // namespace fl
