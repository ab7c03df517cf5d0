#include "engine/app/loading/own_folders.h"

#include <cstdlib>

namespace fl {
namespace fs = std::filesystem;
namespace {

// Relative ones are to be ignored, says the specification.
fs::path absolute_folder(const char* variable) {
  const char* value = std::getenv(variable);
  const fs::path path = value == nullptr ? "" : value;
  return path.is_absolute() ? path : fs::path();
}

fs::path own_folder(const char* variable, const fs::path& otherwise) {
  const fs::path named = absolute_folder(variable), home = absolute_folder("HOME");
  if (!named.empty()) return named / "fallline";
  return home.empty() ? home : home / otherwise / "fallline";
}

}  // namespace

fs::path cache_folder() {
  return own_folder("XDG_CACHE_HOME", ".cache");
}

fs::path state_folder() {
  return own_folder("XDG_STATE_HOME", fs::path(".local") / "state");
}

}  // namespace fl
