#include "engine/app/loading/cache_folder.h"

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

}  // namespace

fs::path cache_folder() {
  const fs::path cache = absolute_folder("XDG_CACHE_HOME"), home = absolute_folder("HOME");
  if (!cache.empty()) return cache / "fallline";
  return home.empty() ? home : home / ".cache" / "fallline";
}

}  // namespace fl
