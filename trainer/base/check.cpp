#include "trainer/base/check.h"

namespace fl {

void check_failed(const char* file, int line, std::string_view expression, std::string_view detail) {
  std::string_view path(file);
  // The path below the source tree is what helps; the rest is somebody's machine.
  for (std::string_view top : {"/trainer/", "/engine/", "/tests/"})
    if (const auto at = path.rfind(top); at != std::string_view::npos) path.remove_prefix(at + 1);
  throw CheckFailure(
      fmt::format("{}:{}: check failed: {}{}{}", path, line, expression, detail.empty() ? "" : ": ", detail));
}

}  // namespace fl
