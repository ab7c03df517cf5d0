#include "engine/app/takes/result_place.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

#include "trainer/base/atomic_file.h"

namespace fl {
namespace fs = std::filesystem;

Result<fs::path> result_place(const Inputs& inputs, const std::string& name,
                              std::span<const fs::path> taken) {
  std::error_code code;
  const char* home = std::getenv("HOME");
  Result<void> reason = error("There is no folder to write {} into; start Fall Line in one.", name);
  for (const fs::path& folder : {fs::current_path(code), fs::path(home == nullptr ? "" : home)}) {
    if (folder.empty() || ::access(folder.c_str(), W_OK) != 0) continue;
    const fs::path wanted = folder / name;
    reason = inputs.check(wanted, "-o");
    if (!reason) continue;
    fs::path path = free_path(wanted);
    for (int number = 2; std::ranges::find(taken, path) != taken.end(); ++number) {
      path = wanted;
      path.replace_filename(
          fmt::format("{}-{}{}", wanted.stem().string(), number, wanted.extension().string()));
      path = free_path(path);
    }
    return path;
  }
  return reason.error();
}

}  // namespace fl
