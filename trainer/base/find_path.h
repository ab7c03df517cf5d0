#pragma once
// Whether there is anything where a user's path leads.

#include <filesystem>
#include <string_view>

#include "trainer/base/result.h"

namespace fl {

// What lies at `path`, which the sentences call `name`. Errors: nothing does (then `advice` says what to do),
// or the way there is barred: by permissions, by links that go round. `sought`: "file", "file or folder".
Result<std::filesystem::file_status> find_path(const std::filesystem::path& path, std::string_view name,
                                               std::string_view sought, std::string_view advice);

}  // namespace fl
