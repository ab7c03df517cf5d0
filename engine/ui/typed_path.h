#pragma once
// Paths as people type them: with the short name of their own folder, with a blank too many.

#include <filesystem>
#include <string_view>

#include "trainer/scene/scene_path.h"

namespace fl {

// As with_home(). Blanks at both ends are dropped.
inline std::filesystem::path typed_path(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return with_home(text.substr(first, text.find_last_not_of(kBlank) + 1 - first));
}

}  // namespace fl
