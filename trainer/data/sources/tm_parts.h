#pragma once
// What every project that is written has in common.

#include <string>
#include <vector>

#include "trainer/data/files/zip_pack.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {

// The manifest, which is a project's last entry.
NewZipEntry tm_manifest(const TmSettings& settings);

// Errors: a name that no entry can carry, or two that are the same.
Result<void> check_tm_class(const std::string& name);
Result<void> check_tm_classes(const std::vector<std::string>& classes);

}  // namespace fl
