#include "trainer/base/find_path.h"

namespace fl {
namespace fs = std::filesystem;

Result<fs::file_status> find_path(const fs::path& path, std::string_view name, std::string_view sought,
                                  std::string_view advice) {
  std::error_code code;
  const auto status = fs::status(path, code);
  if (fs::exists(status)) return status;
  if (status.type() != fs::file_type::not_found)
    return error("Cannot reach {}: {}; check the path and the permissions of its folders.", name,
                 code.message());
  return error("There is no {} {}; {}.", sought, name, advice);
}

}  // namespace fl
