#pragma once
// Makes a ZIP file in memory. The same entries give the same bytes.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct NewZipEntry {
  std::string name;  // UTF-8
  std::vector<std::byte> bytes;
  bool packed = false;  // deflated, not stored: for what is no image
};

// `name`: what the error calls the archive. Errors: whatever libzip refuses, as two entries of one name.
Result<std::vector<std::byte>> pack_zip(const std::vector<NewZipEntry>& entries, const std::string& name);

}  // namespace fl
