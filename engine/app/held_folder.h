#pragma once
// A folder for results that no other process gets, and that stays though it is empty, as long as somebody has
// this. Null: none.

#include <filesystem>
#include <memory>

namespace fl {

using HeldFolder = std::shared_ptr<const std::filesystem::path>;

[[nodiscard]] inline std::filesystem::path path_of(const HeldFolder& folder) {
  return folder ? *folder : std::filesystem::path();
}

}  // namespace fl
