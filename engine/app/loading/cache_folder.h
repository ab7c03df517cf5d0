#pragma once
// Where this program keeps what it can make again.

#include <filesystem>

namespace fl {

// A folder of its own in the user's cache, as the XDG Base Directory Specification places it; it need not
// exist. Empty where the user has none.
[[nodiscard]] std::filesystem::path cache_folder();

}  // namespace fl
