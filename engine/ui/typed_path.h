#pragma once
// Paths as people type them: with the short name of their own folder, with a blank too many.

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace fl {

// "~" and "~/..." name the folder that HOME says; without HOME they stay as they are. Blanks at both ends are
// dropped.
inline std::filesystem::path typed_path(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kBlank) + 1 - first);
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0' || (text != "~" && !text.starts_with("~/"))) return text;
  return text.size() <= 2 ? std::filesystem::path(home) : std::filesystem::path(home) / text.substr(2);
}

}  // namespace fl
