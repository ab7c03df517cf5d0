#include "engine/app/output_folder.h"

#include "trainer/base/atomic_file.h"

namespace fl {
namespace fs = std::filesystem;

Result<OutputFolder> OutputFolder::make(const fs::path& path) {
  OutputFolder folder;
  std::error_code code;
  for (fs::path missing = path; !missing.empty() && !fs::exists(missing, code) && !code;
       missing = missing.parent_path())
    folder.made_.push_back(missing);
  if (path.empty()) return folder;
  if (auto made = make_folder(path); !made) return made.error();
  return folder;
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  for (const fs::path& path : made_) fs::remove(path, ignored);  // which spares a folder that holds something
}

}  // namespace fl
